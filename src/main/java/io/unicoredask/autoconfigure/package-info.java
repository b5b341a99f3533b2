/**
 * Puts the plugin together in a Spring Boot application that has a Camunda engine, as the
 * application's configuration says. Imported by no other room.
 */
package io.unicoredask.autoconfigure;
