/**
 * Puts the plugin together in a Spring Boot application that has a Camunda engine, as the
 * application's configuration says; or in an engine alone, as a file says. Imported by no other
 * room but {@code application}.
 */
package io.unicoredask.autoconfigure;
