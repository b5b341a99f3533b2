package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Properties as a page, for browsers and those who forget to ask for JSON. */
final class Html {
  private Html() {}

  static Answer page(ObjectNode properties) {
    StringBuilder rows = new StringBuilder();
    properties
        .fields()
        .forEachRemaining(
            field ->
                rows.append(
                    "<tr><td><b>%s</b></td>\n<td>%s</td>\n</tr>\n"
                        .formatted(escaped(field.getKey()), escaped(Json.text(field.getValue())))));
    return Answer.text(
        "text/html",
        "<html>\n<body>\n<h2>Properties</h2>\n<table border='1' width='100%%'>%s</table>\n</body>\n</html>\n"
            .formatted(rows));
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
