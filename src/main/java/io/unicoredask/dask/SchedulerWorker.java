package io.unicoredask.dask;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A worker as the scheduler knows it.
 *
 * @param name the worker's name: what was given as {@code --name}, and if that command starts
 *     several workers, a dash and a number from 0
 * @param address where the worker listens, as seen from the site
 */
public record SchedulerWorker(
    @JsonProperty(required = true) String name, @JsonProperty(required = true) String address) {

  /** Takes control characters out of both, and cuts off what is too long. */
  public SchedulerWorker {
    name = PlainText.of(name, PlainText.NAME);
    address = PlainText.of(address, PlainText.NAME);
  }
}
