/**
 * The application: an engine with the plugin, its REST API and its web applications, closed to
 * strangers. In the profile {@code local} it brings a UNICORE site of its own along and shows on it
 * what the plugin does. Not in the plugin jar; imported by no other room.
 */
package io.unicoredask.application;
