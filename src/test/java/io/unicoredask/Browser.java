package io.unicoredask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.springframework.util.FileSystemUtils;

/**
 * The chromium of this machine without a window, one for the tests of a class, as a static field
 * with {@code @RegisterExtension}. It starts when it is first needed. Where there is no chromium,
 * or no chromedriver, the tests are skipped.
 */
public final class Browser implements ExecutionCondition, AfterAllCallback {

  /** What most people's windows are like. */
  public static final Dimension WIDE = new Dimension(1280, 900);

  /** A telephone's. */
  public static final Dimension NARROW = new Dimension(400, 800);

  private static final Path SCREENSHOTS = Path.of("target/screenshots");

  private Path profile;
  private ChromeDriver driver;

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    for (String program : List.of("chromium", "chromedriver")) {
      if (onPath(program).isEmpty()) {
        String reason = "there is no %s on the PATH".formatted(program);
        System.out.printf("%s is skipped: %s%n", context.getDisplayName(), reason);
        return ConditionEvaluationResult.disabled(reason);
      }
    }
    return ConditionEvaluationResult.enabled("there is a browser");
  }

  /** A program of this machine. */
  private static Optional<File> onPath(String program) {
    return Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator)))
        .map(directory -> new File(directory, program))
        .filter(File::canExecute)
        .findFirst();
  }

  /** What drives it. */
  public ChromeDriver driver() {
    if (driver == null) {
      driver = start();
    }
    return driver;
  }

  private ChromeDriver start() {
    try {
      profile = Files.createTempDirectory("browser");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(onPath("chromium").orElseThrow());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-proxy-server",
        "--no-first-run",
        "--lang=en",
        "--user-data-dir=" + profile,
        "--window-size=%d,%d".formatted(WIDE.width, WIDE.height));
    options.setExperimentalOption("prefs", Map.of("intl.accept_languages", "en"));
    LoggingPreferences console = new LoggingPreferences();
    console.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", console);
    ChromeDriver started =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(onPath("chromedriver").orElseThrow())
                .usingAnyFreePort()
                .build(),
            options);
    // A kept page of the web applications has another nonce than the policy that comes with it.
    started.executeCdpCommand("Network.enable", Map.of());
    started.executeCdpCommand("Network.setCacheDisabled", Map.of("cacheDisabled", true));
    return started;
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (driver != null) {
      driver.quit();
      driver = null;
    }
    if (profile != null) {
      FileSystemUtils.deleteRecursively(profile);
      profile = null;
    }
  }

  /** Shows a page. */
  public void open(String url) {
    driver().get(url);
  }

  /** Changes what the page has for itself, {@link #WIDE} or {@link #NARROW}. */
  public void resize(Dimension size) {
    // A window has a least width; what the page sees has none.
    driver()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of(
                "width",
                size.width,
                "height",
                size.height,
                "deviceScaleFactor",
                1,
                "mobile",
                false));
  }

  /** Whether one has to move the page sideways to see all of it. */
  public boolean isTooWide() {
    return (boolean)
        driver().executeScript("return document.documentElement.scrollWidth > window.innerWidth");
  }

  /** Forgets who has logged in. */
  public void forget() {
    driver().manage().deleteAllCookies();
  }

  /**
   * Logs in at one of the web applications, {@code http://localhost:PORT/camunda/app/tasklist} for
   * instance, and shows it. The login is made beside the browser: what a page that is open asks for
   * at that moment would bring the session back that it had before.
   */
  public void login(String application, String user, String password) {
    open(application.replaceFirst("/app/.*", "/favicon.ico"));
    forget();
    for (HttpCookie cookie : Login.cookies(application, user, password)) {
      driver()
          .manage()
          .addCookie(new Cookie(cookie.getName(), cookie.getValue(), cookie.getPath()));
    }
    open(application + "/default/");
  }

  /** The first that can be seen, as soon as there is one. */
  public WebElement find(By what) {
    return await("to see " + what)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(() -> visible(what), Optional::isPresent)
        .orElseThrow();
  }

  private Optional<WebElement> visible(By what) {
    return driver().findElements(what).stream().filter(WebElement::isDisplayed).findFirst();
  }

  /** The first that a selector of CSS finds and that can be seen. */
  public WebElement find(String css) {
    return find(By.cssSelector(css));
  }

  /** Waits until nothing that a selector finds can be seen. */
  public void gone(String css) {
    await(css + " to be gone").until(() -> !isThere(css));
  }

  /** Whether something that a selector finds can be seen now. */
  public boolean isThere(String css) {
    return driver().findElements(By.cssSelector(css)).stream().anyMatch(Browser::isDisplayed);
  }

  private static boolean isDisplayed(WebElement element) {
    try {
      return element.isDisplayed();
    } catch (StaleElementReferenceException | NoSuchElementException e) {
      return false;
    }
  }

  /** Clicks on what a selector finds, as soon as that can be done. */
  public void click(String css) {
    click(By.cssSelector(css));
  }

  /** Clicks, as soon as that can be done. */
  public void click(By what) {
    await("to click on " + what)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(
            () -> {
              Optional<WebElement> found = visible(what);
              found.ifPresent(WebElement::click);
              return found.isPresent();
            });
  }

  /** The button, link or the like that has exactly this text. */
  public static By withText(String text) {
    return By.xpath(
        "//*[self::button or self::a or self::summary or @role='button'][normalize-space(.)=\"%s\"]"
            .formatted(text));
  }

  /** Writes into a field what is to be in it, instead of what was. */
  public void type(String css, String text) {
    WebElement field = find(css);
    field.clear();
    field.sendKeys(text);
  }

  /** Waits until the page has this text in what a selector finds. */
  public void see(String css, String text) {
    await("'%s' in %s".formatted(text, css))
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .untilAsserted(() -> assertThat(text(css)).contains(text));
  }

  /** All text that can be seen in what a selector finds. */
  public String text(String css) {
    return driver().findElement(By.cssSelector(css)).getText();
  }

  /** What the page's programs, and the browser of them, have complained of since the last call. */
  public List<String> complaints() {
    return driver().manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Writes what can be seen to {@code target/screenshots/NAME.png}. */
  public Path screenshot(String name) {
    try {
      Files.createDirectories(SCREENSHOTS);
      return Files.write(
          SCREENSHOTS.resolve(name + ".png"), driver().getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
