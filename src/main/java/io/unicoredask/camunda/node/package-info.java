/** Which of the engine's nodes looks after the clusters. Knows no cluster and no engine. */
package io.unicoredask.camunda.node;
