package io.tenure.jobs.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import io.tenure.common.config.PrivacyConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as people use it: in Chromium, offline, with values that mean harm. */
class PageInBrowserTest {
  private static final int PHONE = 360;

  /** Contrast by the WCAG of every cell of the heat map, the smallest of all. */
  private static final String SMALLEST_CONTRAST =
      """
      () => {
        const luminance = (colour) => {
          const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((channel) => {
            const share = channel / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (cell) => {
          const style = getComputedStyle(cell);
          const [low, high] = [luminance(style.color), luminance(style.backgroundColor)].sort();
          return (Math.max(low, high) + 0.05) / (Math.min(low, high) + 0.05);
        };
        return Math.min(...[...document.querySelectorAll("td.heat")].map(contrast));
      }
      """;

  @TempDir private static Path folder;

  private static LogTables tables;
  private static Path file;

  /** The same, as a page of tables that hide numbers. */
  private static Path hiding;

  private static Playwright playwright;
  private static Browser browser;

  private final List<String> complaints = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void openBrowser() throws IOException {
    Path chromium =
        chromium()
            .orElseGet(
                () ->
                    Assumptions.abort(
                        "No Chromium, so the page is not tried in a browser. Install it (Debian:"
                            + " apt-get install chromium) or say where it is:"
                            + " -Dtenure.chromium=PATH"));
    TenureConfig config =
        TestLog.config(
            ReportPageTest.PAID
                + "name: '<b>shop</b>'\nsegments: [plan, country]\nchurn: {inactive-days: 14}\n"
                + "funnels: [{name: again, steps: [active, active, active]},"
                + " {name: soon, steps: [active, active], entry: any, window: 36 hours}]");
    tables =
        new LogTables(
            TestLog.of(
                ReportPageTest.events(
                    11, 200, 200, ReportPageTest.HOSTILE, List.of("RO", "EG"), "plan")),
            config,
            "2024-07-10");
    file = folder.resolve("report.html");
    Files.writeString(file, ReportPage.of(config, config.privacy(), tables.run(), tables));
    hiding = folder.resolve("hiding.html");
    Files.writeString(hiding, ReportPage.of(config, new PrivacyConfig(2, 1), tables.run(), tables));
    // The browser is the machine's own; the library would fetch one.
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run")));
  }

  private static Optional<Path> chromium() {
    String told = System.getProperty("tenure.chromium");
    return told != null
        ? Optional.of(Path.of(told))
        : Stream.of(
                "/usr/bin/chromium",
                "/usr/bin/chromium-browser",
                "/usr/bin/google-chrome",
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
  }

  @AfterAll
  static void closeBrowser() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @BeforeEach
  void openPage() {
    open(1280);
  }

  private void open(int width) {
    if (context != null) {
      context.close();
    }
    context =
        browser.newContext(
            new Browser.NewContextOptions().setOffline(true).setViewportSize(width, 900));
    page = context.newPage();
    page.onConsoleMessage(message -> complaints.add(message.text()));
    page.onPageError(complaints::add);
    page.onDialog(
        dialog -> {
          complaints.add("dialog " + dialog.message());
          dialog.dismiss();
        });
    page.onRequest(request -> requests.add(request.url()));
    page.navigate(file.toUri().toString());
    page.locator("#usage svg").first().waitFor();
  }

  @AfterEach
  void nothingWasComplainedOf() {
    context.close();
    assertThat(complaints).isEmpty();
    assertThat(requests).allMatch(url -> url.startsWith("file:") || url.startsWith("blob:"));
  }

  @Test
  void every_section_is_drawn() {
    for (String id :
        List.of(
            "retention",
            "activity",
            "growth",
            "churn",
            "survival",
            "usage",
            "funnel",
            "revenue",
            "drivers",
            "warning")) {
      assertThat(page.locator("#" + id + " svg[role=img][aria-label]").count()).as(id).isPositive();
      Locator definition = page.locator("#" + id + " .definition");
      definition.locator("summary").first().click();
      assertThat(definition.locator("li").first().isVisible()).as(id).isTrue();
    }
    assertThat(page.locator("h1").textContent()).isEqualTo("<b>shop</b>");
  }

  @Test
  void the_cells_say_what_the_table_says() {
    assertThat(heading("retention")).isEqualTo("Retention by month, all users");
    compareTriangle("month", new Segment("(all)", "(all)"));
    choose("retention", "week");
    assertThat(heading("retention")).isEqualTo("Retention by week, all users");
    compareTriangle("week", new Segment("(all)", "(all)"));
    page.selectOption("#segment", "2");
    Segment second =
        ReportPageTest.HOSTILE.stream()
            .map(value -> new Segment("plan", value))
            .filter(segment -> segment.label().equals(heading("retention").substring(19)))
            .findFirst()
            .orElseThrow();
    compareTriangle("week", second);
  }

  private void compareTriangle(String grain, Segment segment) {
    List<String> shown = page.locator(".triangle tbody td[tabindex]").allTextContents();
    int at = 0;
    int periods = page.locator(".triangle thead th").count() - 2;
    int known = 0;
    for (Map<String, Object> row : tables.table("retention")) {
      if (row.get("grain").equals(grain)
          && row.get("segment").equals(segment.dimension())
          && row.get("segment_value").equals(segment.value())
          && (int) row.get("period") < periods) {
        Double rate = (Double) row.get("retention_rate");
        String text =
            rate == null
                ? "not yet known"
                : rate > 0 && rate < 0.005 ? "<1" : Long.toString(Math.round(rate * 100));
        assertThat(shown.get(at)).as("%s", row).isEqualTo(text);
        at++;
        known += rate == null ? 0 : 1;
      }
    }
    assertThat(shown).hasSize(at);
    assertThat(known).isGreaterThan(5);
    assertThat(page.locator(".triangle tbody td.hatch").count()).isEqualTo(at - known);
  }

  @Test
  void the_other_switches_work() {
    choose("growth", "day");
    assertThat(heading("growth")).isEqualTo("Growth by day, all users");
    choose("survival", "country");
    assertThat(heading("survival")).isEqualTo("Survival since birth, by country");
    assertThat(page.locator("#survival h4").allTextContents())
        .hasSize(2)
        .anyMatch(text -> text.startsWith("RO"))
        .anyMatch(text -> text.startsWith("EG"));
    page.selectOption("#segment", page.locator("#segment option").last().getAttribute("value"));
    assertThat(heading("churn")).startsWith("Monthly churn by stage, country = ");
    assertThat(heading("activity")).startsWith("Active users, country = ");
  }

  /** Who is still there after month 0 has stayed for a month. */
  @Test
  void survival_by_month_begins_with_everybody_and_a_month_is_over_at_its_end() {
    choose("survival", "months");
    List<Map<String, Object>> whole =
        tables.table("survival").stream()
            .filter(row -> row.get("tenure_unit").equals("month"))
            .filter(row -> row.get("segment").equals("(all)"))
            .toList();
    int median =
        whole.stream()
            .filter(row -> (Double) row.get("survival") <= 0.5)
            .mapToInt(row -> (Integer) row.get("tenure"))
            .min()
            .orElseThrow();
    String drawing = page.locator("#survival svg[role=img]").first().getAttribute("aria-label");
    assertThat(drawing)
        .startsWith(
            "Survival by months since birth, all users: half are gone within %d month"
                .formatted(median + 1));
    assertThat((Double) whole.get(0).get("survival")).isLessThan(1);
    // The line begins at the top, left: x and y of the margins.
    assertThat(
            page.locator("#survival svg[role=img] [aria-label=line] path").last().getAttribute("d"))
        .startsWith("M44,18");
  }

  @Test
  void where_numbers_are_hidden_one_that_is_not_there_may_be_one_of_them() {
    page.navigate(hiding.toUri().toString());
    page.locator("#usage svg").first().waitFor();
    assertThat(table("revenue", 1).locator("td").allTextContents())
        .contains("2024-03-01", "not known, or hidden")
        .doesNotContain("not known");
    assertThat(page.evaluate("Tenure.missing('No month is complete.').textContent"))
        .isEqualTo("No month is complete, or the numbers are hidden.");
  }

  @Test
  void money_is_shown_as_months_rates_and_lifetimes() {
    assertThat(page.locator("#revenue h3").allTextContents())
        .containsExactly(
            "Revenue by month, all users",
            "Net and gross revenue retention, all users",
            "Lifetime value to date by cohort, all users");
    List<String> cells = table("revenue", 1).locator("td").allTextContents();
    assertThat(cells).contains("2024-03-01", "not known").anyMatch(text -> text.endsWith(" %"));
  }

  @Test
  void steps_are_shown_with_those_who_stopped() {
    assertThat(heading("funnel")).isEqualTo("again, each user from the first time on, all users");
    Map<String, Object> last =
        tables.table("funnel").stream()
            .filter(row -> row.get("funnel").equals("again") && row.get("segment").equals("(all)"))
            .reduce((one, next) -> next)
            .orElseThrow();
    assertThat(table("funnel", 0).locator("tbody tr").last().locator("td").allTextContents())
        .startsWith("again", "(all)", "(all)", "3", "active", last.get("users").toString());
    choose("funnel", "soon");
    assertThat(page.locator("#funnel .note").first().textContent())
        .startsWith(
            "active → active, within 36 hours of a first step. Most users, and the largest share,"
                + " stop after 1 active: ");
    assertThat(page.locator("#funnel svg[role=img]").count()).isEqualTo(3);
    page.selectOption("#segment", page.locator("#segment option").last().getAttribute("value"));
    assertThat(heading("funnel")).startsWith("soon, each user at their furthest, country = ");
  }

  @Test
  void values_are_compared_with_all_others() {
    assertThat(heading("drivers")).startsWith("Churn in June 2024: ");
    assertThat(page.locator("#drivers svg[role=img] g[aria-label=dot] circle").count())
        .isEqualTo(
            (int)
                tables.table("drivers").stream()
                    .filter(row -> row.get("outcome").equals("churn"))
                    .filter(row -> row.get("difference") != null)
                    .count());
    // Also without colours: a dot is full where chance would not do it.
    assertThat(page.locator("#drivers g[aria-label=dot] circle:not([fill='var(--card)'])").count())
        .isEqualTo(
            (int)
                tables.table("drivers").stream()
                    .filter(row -> row.get("outcome").equals("churn"))
                    .filter(row -> row.get("p_adjusted") != null)
                    .filter(row -> (Double) row.get("p_adjusted") <= 0.05)
                    .count());
    choose("drivers", "retention");
    assertThat(heading("drivers")).startsWith("Return in month 1 (default): ");
  }

  @Test
  void warnings_are_shown_with_what_they_were_worth() {
    List<String> cells =
        table("warning", 0).locator("tbody tr").first().locator("td").allTextContents();
    Map<String, Object> now =
        tables.table("risk_backtest").stream()
            .filter(row -> row.get("as_of").equals(LocalDate.parse("2024-07-10")))
            .findFirst()
            .orElseThrow();
    assertThat(cells.subList(4, 7)).allMatch(text -> text.endsWith(" %"));
    assertThat(cells)
        .hasSize(12)
        .endsWith(now.get("flagged_users").toString(), now.get("users").toString());
    long known =
        WarningData.of(tables, LocalDate.parse("2024-07-10")).levels().stream()
            .flatMap(level -> Stream.of(level.precision() != null, level.recall() != null))
            .filter(isKnown -> isKnown)
            .count();
    assertThat(known).isPositive();
    assertThat(page.locator("#warning svg[role=img] g[aria-label=dot] circle").count())
        .isEqualTo((int) known);
    // Also without colours.
    assertThat(page.locator("#warning g[aria-label=line][stroke-dasharray]").count()).isOne();
  }

  @Test
  void hostile_values_stay_text() {
    List<String> values = table("usage", 0).locator("td:nth-child(2)").allTextContents();
    // A browser replaces the character 0 in no text that scripts make.
    assertThat(values).containsAll(ReportPageTest.HOSTILE);
    assertThat(page.locator("img, iframe, object, [onerror], [onmouseover]").count()).isZero();
    for (int segment = 1; segment <= ReportPageTest.HOSTILE.size(); segment++) {
      page.selectOption("#segment", Integer.toString(segment));
    }
    choose("survival", "plan");
    assertThat(page.locator("#survival h4").count()).isEqualTo(ReportPageTest.HOSTILE.size());
  }

  @Test
  void a_csv_holds_no_formula() throws IOException {
    Download download = page.waitForDownload(() -> page.locator("#usage .csv").first().click());
    String csv = Files.readString(download.path());
    assertThat(download.suggestedFilename()).isEqualTo("_b_shop_b_-usage_habit-2024-07-10.csv");
    assertThat(csv)
        .startsWith("\ufeffas_of,segment,segment_value,users_28d,core,")
        .contains("2024-07-10,plan,\"'=HYPERLINK(\"\"http://example.org\"\")\",")
        .doesNotContainPattern("(?m)(^|,)\"?[=+@-][^0-9]");
  }

  @Test
  void a_csv_says_what_it_is_of() throws IOException {
    choose("retention", "week");
    page.selectOption("#segment", page.locator("#segment option").last().getAttribute("value"));
    Download download = page.waitForDownload(() -> page.locator("#retention .csv").first().click());
    String country = heading("retention").substring("Retention by week, country = ".length());
    assertThat(download.suggestedFilename())
        .isEqualTo(
            "_b_shop_b_-retention-default-week-country-%s-2024-07-10.csv".formatted(country));
    List<String> lines = Files.readString(download.path()).lines().toList();
    assertThat(lines.get(0))
        .startsWith("\ufeffas_of,segment,segment_value,retention,grain,cohort_start,")
        .endsWith(",is_mature");
    assertThat(lines.get(1)).startsWith("2024-07-10,country,%s,default,week,".formatted(country));
  }

  @Test
  void a_step_is_drawn_for_users_whose_time_is_over() {
    Map<String, Object> first =
        tables.table("funnel").stream()
            .filter(row -> row.get("funnel").equals("again") && row.get("segment").equals("(all)"))
            .findFirst()
            .orElseThrow();
    long closed = (long) first.get("closed_users");
    long open = (long) first.get("users") - closed;
    assertThat(open).isPositive();
    assertThat(page.locator("#funnel .chart").first().textContent())
        .contains(closed + " · 100.0 %", " of " + closed + " · ");
    assertThat(page.locator("#funnel figure").first().locator(".canvas .note").textContent())
        .startsWith("Left out: %d users whose window of ".formatted(open));
  }

  @Test
  void a_difference_stands_in_points_and_what_is_undefined_is_not_said_to_be_unknown() {
    List<String> cells =
        table("drivers", 0).locator("tbody tr").first().locator("td").allTextContents();
    assertThat(cells).filteredOn(text -> text.endsWith(" points")).hasSize(3);
    assertThat(table("activity", 1).locator("tbody tr").last().locator("td").last().textContent())
        .isEqualTo("true");
    choose("growth", "day");
    page.locator("#growth .table summary").click();
    page.locator("#growth tbody tr").first().waitFor();
    assertThat(
            page.locator("#growth tr:has(td:last-child:text-is('true'))")
                .getByText("not known")
                .count())
        .isZero();
  }

  @Test
  void neighbours_in_a_stack_differ_in_lightness_and_stand_out_from_the_card() {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      for (String kind : List.of("retained", "new", "resurrected", "expansion", "churned")) {
        assertThat(contrast(kind, "card")).as("%s %s", scheme, kind).isGreaterThan(3);
      }
      assertThat(contrast("retained", "new")).isGreaterThan(1.5);
      assertThat(contrast("new", "resurrected")).isGreaterThan(1.5);
      assertThat(contrast("retained", "expansion")).isGreaterThan(1.5);
      assertThat(contrast("expansion", "new")).isGreaterThan(1.5);
    }
  }

  /** Of two colours of the style sheet, by the WCAG. */
  private double contrast(String one, String other) {
    return ((Number)
            page.evaluate(
                """
                (names) => {
                  const style = getComputedStyle(document.documentElement);
                  const luminance = (name) => {
                    const { r, g, b } = d3.rgb(style.getPropertyValue(`--${name}`).trim());
                    const [x, y, z] = [r, g, b].map((channel) => {
                      const share = channel / 255;
                      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
                    });
                    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
                  };
                  const [low, high] = names.map(luminance).sort((a, b) => a - b);
                  return (high + 0.05) / (low + 0.05);
                }
                """,
                List.of(one, other)))
        .doubleValue();
  }

  @Test
  void the_keyboard_reaches_the_switches_and_the_cells() {
    List<String> reached = new ArrayList<>();
    for (int stop = 0; stop < 60; stop++) {
      page.keyboard().press("Tab");
      reached.add(
          (String)
              page.evaluate(
                  "() => document.activeElement.id || document.activeElement.value"
                      + " || document.activeElement.tagName"));
    }
    assertThat(reached).contains("segment", "month", "TD", "SUMMARY", "BUTTON");

    page.locator("#retention input[value=month]").focus();
    page.keyboard().press("ArrowLeft");
    assertThat(heading("retention")).isEqualTo("Retention by week, all users");

    page.locator(".triangle td[tabindex='0']").focus();
    String first = page.locator(".readout").textContent();
    page.keyboard().press("ArrowRight");
    page.keyboard().press("ArrowDown");
    assertThat(page.locator(".readout").textContent()).contains("week 1: ").isNotEqualTo(first);
    assertThat(page.locator(".triangle td[tabindex='0']").count()).isEqualTo(1);
  }

  @Test
  void a_phone_scrolls_down_only() {
    open(PHONE);
    page.locator("details").evaluateAll("all => all.forEach(one => { one.open = true; })");
    page.selectOption("#segment", "1");
    choose("survival", "plan");
    assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(PHONE);
    // What sticks out of a chart makes no page wider: it is cut.
    assertThat(
            ((Number)
                    page.evaluate(
                        "() => Math.max(...[...document.querySelectorAll('svg.chart text')]"
                            + ".map((text) => text.getBoundingClientRect().right))"))
                .doubleValue())
        .isLessThanOrEqualTo(PHONE);
  }

  @Test
  void an_axis_has_no_half_users_and_a_label_has_room_for_many() {
    assertThat(page.evaluate("() => [0.5, 0, -1, -1500, 200000].map(Tenure.whole)"))
        .isEqualTo(List.of("", "0", "1", "1.5k", "200k"));
    assertThat(page.evaluate("() => [0.5, 0.005, -0.25, 0, 12, 1500].map(Tenure.amount)"))
        .isEqualTo(List.of("0.5", "0.005", "-0.25", "0", "12", "1.5k"));
    assertThat(
            page.evaluate(
                """
                () => {
                  const label = "28 days  187,790,000";
                  const canvas = document.createElement("canvas").getContext("2d");
                  canvas.font = `600 ${getComputedStyle(document.querySelector("svg.chart")).font.replace(/^400 /, "")}`;
                  return Tenure.beside([label]) >= 8 + canvas.measureText(label).width;
                }
                """))
        .isEqualTo(true);
  }

  /** The row headings stay where they are, over what is scrolled. */
  @Test
  void a_cell_that_the_keyboard_is_at_is_not_under_its_heading() {
    open(PHONE);
    choose("retention", "week");
    page.locator(".triangle td[tabindex='0']").focus();
    for (int step = 0; step < 10; step++) {
      page.keyboard().press("ArrowRight");
    }
    for (int step = 0; step < 10; step++) {
      page.keyboard().press("ArrowLeft");
      assertThat(
              page.evaluate(
                  """
                  () => {
                    const cell = document.activeElement.getBoundingClientRect();
                    const heading = document.activeElement.parentNode.querySelector("th").getBoundingClientRect();
                    return document.activeElement.tagName === "TD" && cell.left >= heading.right - 1;
                  }
                  """))
          .as("step %d", step)
          .isEqualTo(true);
    }
  }

  @Test
  void what_is_chosen_is_seen_where_the_system_has_its_own_colours() {
    page.emulateMedia(
        new Page.EmulateMediaOptions()
            .setForcedColors(com.microsoft.playwright.options.ForcedColors.ACTIVE));
    String background = "(one) => getComputedStyle(one).backgroundColor";
    assertThat(page.locator("#growth .choice input:checked + span").first().evaluate(background))
        .isNotEqualTo(
            page.locator("#growth .choice input:not(:checked) + span")
                .first()
                .evaluate(background));
  }

  @Test
  void light_dark_and_print_read_well() {
    assertThat(((Number) page.evaluate(SMALLEST_CONTRAST)).doubleValue()).isGreaterThan(4.5);
    String light = background();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertThat(((Number) page.evaluate(SMALLEST_CONTRAST)).doubleValue()).isGreaterThan(4.5);
    assertThat(background()).isNotEqualTo(light);

    page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
    assertThat(background()).isEqualTo("rgb(255, 255, 255)");
    assertThat(page.locator(".bar").isVisible()).isFalse();
    assertThat(((Number) page.evaluate(SMALLEST_CONTRAST)).doubleValue()).isGreaterThan(4.5);
    assertThat(page.pdf().length).isGreaterThan(20_000);
  }

  private String background() {
    return (String) page.evaluate("() => getComputedStyle(document.body).backgroundColor");
  }

  /** The numbers of a figure: a browser says that they were asked for after the click returned. */
  private Locator table(String section, int figure) {
    Locator details = page.locator("#" + section + " figure").nth(figure).locator(".table");
    details.locator("summary").click();
    details.locator("tbody tr").first().waitFor();
    return details;
  }

  private String heading(String section) {
    return page.locator("#" + section + " h3").first().textContent();
  }

  private void choose(String section, String option) {
    page.locator("#" + section + " .choice")
        .getByText(option, new Locator.GetByTextOptions().setExact(true))
        .click();
  }
}
