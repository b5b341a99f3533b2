package io.unicoredask.unicore;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * The gate for all text that comes from a site: what passes it can be written to any database, log
 * and page.
 */
public final class PlainText {

  /** What some take for the end of a line, or nobody can encode. */
  private static final Pattern BLANK = Pattern.compile("[\\u2028\\u2029\\p{Cs}]");

  private static final Pattern LOST = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  private static final Pattern END_OF_LINE = Pattern.compile("\\R|\\t");

  private PlainText() {}

  /**
   * Text of any number of lines, without control characters but line feeds and tabs. Lone
   * surrogates and Unicode's own line separators become blanks.
   */
  public static String lines(String text) {
    return LOST.matcher(BLANK.matcher(text).replaceAll(" ")).replaceAll("");
  }

  /** The same in one line, its ends of lines and tabs blanks: it cannot pass for lines of a log. */
  public static String line(String text) {
    return isPlain(text) ? text : lines(END_OF_LINE.matcher(text).replaceAll(" "));
  }

  /** What nearly every text is that comes, and needs no more looking at. */
  private static boolean isPlain(String text) {
    return text.chars().allMatch(character -> character >= ' ' && character < 0x7F);
  }

  /** Makes one line of every text of a site's JSON. */
  static SimpleModule json() {
    return new SimpleModule()
        .addDeserializer(
            String.class,
            new StdScalarDeserializer<>(String.class) {
              @Override
              public String deserialize(JsonParser json, DeserializationContext context)
                  throws IOException {
                String text = StringDeserializer.instance.deserialize(json, context);
                return text == null ? null : line(text);
              }
            })
        .addKeyDeserializer(
            String.class,
            new KeyDeserializer() {
              @Override
              public Object deserializeKey(String key, DeserializationContext context) {
                return line(key);
              }
            });
  }
}
