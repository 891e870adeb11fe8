package io.tenure.jobs.report.page;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.common.config.PrivacyConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page against the tables it is made from, without a browser. */
class ReportPageTest {
  static final List<String> HOSTILE =
      List.of(
          "</script><script>alert(1)</script>",
          "<!--<script>",
          "\"><img src=x onerror=alert(1)>",
          "=HYPERLINK(\"http://example.org\")",
          "' onmouseover='alert(1)",
          "${7*7} #{7*7} {{7*7}}",
          "\u202Egnp.exe \u0000 \u2028 日本語 \uD83D\uDE00",
          "x".repeat(5_000));

  static final String PAID =
      "input: {path: in, user: user, time: time, amount: amount}\noutput: out\n";

  @Test
  void the_headline_says_what_the_tables_say() {
    // January: 10 users, of whom c to j come no more: with 10 silent days they churn in January.
    StringBuilder log = new StringBuilder("user | time\n");
    for (char user = 'a'; user <= 'j'; user++) {
      log.append(user).append(" | 2023-12-25\n");
    }
    for (String day : List.of("2024-01-03", "2024-01-12", "2024-01-21", "2024-01-30")) {
      log.append("a | ").append(day).append("\nb | ").append(day).append('\n');
    }
    log.append("a | 2024-02-08\na | 2024-02-10\n");
    TenureConfig config = TestLog.config("churn: {inactive-days: 10}");
    LogTables tables = new LogTables(TestLog.of(log.toString()), config, "2024-02-10");
    Map<String, Tile> tiles =
        ReportPage.view(config, config.privacy(), tables.run(), tables).tiles().stream()
            .collect(toMap(Tile::name, tile -> tile));

    // Of the last 28 days, 14 January to 10 February: a and b. On the last day: a.
    assertThat(tiles.get("active-users").figure()).isEqualTo("2");
    // Six user-days in the 28 days of two users: 6 / 28 / 2.
    assertThat(tiles.get("stickiness").figure()).isEqualTo("10.7\u00a0%");
    assertThat(tiles.get("stickiness").details())
        .containsExactly(
            "the mean of 14 January to 10 February 2024, over 2 users of these days",
            "10 February 2024 alone: 50.0\u00a0%, 1 of 2 users (95 %: 9.5 to 90.5\u00a0%)");
    assertThat(tiles.get("monthly-churn").label()).isEqualTo("Churn in January 2024");
    assertThat(tiles.get("monthly-churn").figure()).isEqualTo("80.0\u00a0%");
    assertThat(tiles.get("monthly-churn").tag()).isEqualTo("alert");
    assertThat(tiles.get("monthly-churn").details().get(0)).endsWith("8 of 10 users");
    assertThat(tiles.get("biggest-change").figure()).isEqualTo("not yet known");
    // Only a is left. Of the ten there on 1 January, eight had left by the 11th; of a and b, there
    // on
    // 1 February after the same silence, b by the 11th, as is known once the 10th is over.
    assertThat(tiles.get("at-risk").label()).isEqualTo("Likely to leave within 11 days");
    assertThat(tiles.get("at-risk").figure()).isEqualTo("1 of 1");
    assertThat(tiles.get("at-risk").details())
        .containsExactly(
            "risk 50 % or more on 10 February 2024, of users not churned by then",
            "1 can still be won (50 to 90 %): of such, 1 of 2 left at 1 past month end (50.0\u00a0%)",
            "0 are nearly gone (90 % or more)",
            "1 of the 1 who left within 11 days of a past month's end had been flagged (100.0\u00a0%)");
  }

  @Test
  void warnings_are_in_the_headline_with_what_they_were_worth() {
    LocalDate asOf = LocalDate.of(2024, 5, 31);
    WarningData.Level even = level("0.5", 100, 72, 20L);
    WarningData.Level high = level("0.9", 60, 57, 15L);
    Tile tile = RiskTile.of(warning(List.of(even, high)), 29, asOf, "-").orElseThrow();
    assertThat(tile.label()).isEqualTo("Likely to leave within 29 days");
    assertThat(tile.figure()).isEqualTo("20 of 50");
    // Between the thresholds: 100 - 60 flagged, of whom 72 - 57 left.
    assertThat(tile.details())
        .containsExactly(
            "risk 50 % or more on 31 May 2024, of users not churned by then",
            "5 can still be won (50 to 90 %): of such, 15 of 40 left at 3 past month ends"
                + " (37.5\u00a0%)",
            "15 are nearly gone (90 % or more): 57 of 60 left",
            "72 of the 90 who left within 29 days of a past month's end had been flagged (80.0\u00a0%);"
                + " one who left so soon after two of them counts twice");

    Tile unknown =
        RiskTile.of(warning(List.of(level("0.5", 100, 72, null))), 27, asOf, "not shown")
            .orElseThrow();
    assertThat(unknown.figure()).isEqualTo("not shown");
    assertThat(unknown.details()).hasSize(2).last(STRING).endsWith("(80.0\u00a0%)");
    assertThat(RiskTile.of(warning(List.of()), 29, asOf, "-")).isEmpty();
  }

  private static WarningData warning(List<WarningData.Level> levels) {
    return new WarningData(3, 6, "a", "b", levels);
  }

  /** A threshold of 400 predictions, of whom 90 left, and of 50 users now. */
  private static WarningData.Level level(
      String threshold, long flagged, long flaggedChurned, Long flaggedNow) {
    return new WarningData.Level(
        new BigDecimal(threshold),
        400,
        90L,
        flagged,
        flaggedChurned,
        null,
        null,
        null,
        null,
        null,
        null,
        50L,
        flaggedNow);
  }

  @Test
  void months_with_enough_to_learn_from_are_pooled_where_there_are_any() {
    LocalDate asOf = LocalDate.of(2024, 5, 31);
    List<TableRow> rows = new ArrayList<>();
    rows.add(backtest(asOf.minusMonths(2), 2, 40L));
    rows.add(backtest(asOf, 7, null));
    WarningData few = WarningData.of(only("risk_backtest", rows), asOf);
    assertThat(few.learned()).isZero();
    assertThat(few.levels().get(0).flaggedChurned()).isEqualTo(40);

    rows.add(1, backtest(asOf.minusMonths(1), 6, 10L));
    WarningData enough = WarningData.of(only("risk_backtest", rows), asOf);
    assertThat(enough.learned()).isEqualTo(6);
    assertThat(enough.months()).isEqualTo(1);
    assertThat(enough.levels().get(0).flaggedChurned()).isEqualTo(10);
  }

  private static TableRow backtest(LocalDate asOf, int learned, Long both) {
    Map<String, Integer> index =
        index(
            "as_of",
            "threshold",
            "learned_months",
            "users",
            "flagged_users",
            "churned_users",
            "flagged_churned_users");
    return new TableRow(
        index, new Object[] {asOf, 0.5, learned, 100L, 50L, both == null ? null : 60L, both});
  }

  @Test
  void the_rejected_rows_of_the_whole_log_are_told() {
    TenureConfig config = TestLog.config("");
    LogTables tables =
        new LogTables(TestLog.of("user | time\nann | 2024-01-01"), config, "2024-01-01");
    Map<String, Integer> index = Map.of("check", 0, "value", 1);
    PublishedTables quality =
        only(
            "quality",
            List.of(
                new TableRow(index, new Object[] {"rejected_ratio", 0.125}),
                new TableRow(index, new Object[] {"rejected_ratio_of_this_run", 0.0}),
                new TableRow(index, new Object[] {"rejected_missing_user", 12.0}),
                new TableRow(index, new Object[] {"left_out_duplicate", 3.0})));
    assertThat(
            Assurance.of(
                tables.run(),
                new RetentionData(List.of()),
                new ShownSegments(List.of(), List.of()),
                config.privacy(),
                quality))
        .contains("Of all rows of the log 12.5\u00a0% are rejected: missing user 12.");
  }

  /** Where columns stand in a row. */
  private static Map<String, Integer> index(String... columns) {
    Map<String, Integer> index = new LinkedHashMap<>();
    for (String column : columns) {
      index.put(column, index.size());
    }
    return index;
  }

  /** One table, and nothing of any other. */
  private static PublishedTables only(String name, List<TableRow> rows) {
    return new PublishedTables() {
      @Override
      public List<TableRow> rows(String table, Choice choice, List<String> columns) {
        return table.equals(name) ? rows : List.of();
      }

      @Override
      public Map<String, String> definitions(String table) {
        return table.equals(name) ? Map.of("run_id", "") : Map.of();
      }
    };
  }

  @Test
  void stages_of_few_users_are_not_ranked() {
    Map<String, Integer> index =
        index(
            "segment",
            "segment_value",
            "stage",
            "period_start",
            "users_at_start",
            "churned_users",
            "churn_rate");
    List<TableRow> rows = new ArrayList<>();
    LocalDate march = LocalDate.of(2024, 3, 1);
    for (Object[] stage :
        List.of(
            new Object[] {"early", 1L, 0L, 0.0},
            new Object[] {"mid", 30L, 3L, 0.1},
            new Object[] {"late", 40L, 20L, 0.5})) {
      rows.add(
          new TableRow(
              index,
              new Object[] {"(all)", "(all)", stage[0], march, stage[1], stage[2], stage[3]}));
    }
    List<Tile> tiles = tilesOfMarch(rows, PrivacyConfig.NONE);
    assertThat(tiles)
        .filteredOn(tile -> tile.name().endsWith("-stage"))
        .extracting(Tile::figure)
        .containsExactly("mid", "late");
    assertThat(tilesOfMarch(rows, new PrivacyConfig(0, 100)))
        .filteredOn(tile -> tile.name().equals("biggest-change"))
        .singleElement()
        .matches(tile -> tile.figure().equals("not shown"));
  }

  private static List<Tile> tilesOfMarch(List<TableRow> churn, PrivacyConfig privacy) {
    return new Headline(
            only("none", List.of()),
            churn,
            new ShownSegments(List.of(Segment.WHOLE), List.of()),
            warning(List.of()),
            29,
            privacy,
            LocalDate.of(2024, 3, 31))
        .tiles();
  }

  @Test
  void a_ratio_reads_the_same_in_the_headline_and_in_a_chart() {
    for (double ratio : List.of(0.9864951, 0.98650001, 0.12345, 0.1234499)) {
      String chart = String.format(Locale.ROOT, "%.1f", Rounded.of(ratio).doubleValue() * 100);
      assertThat(Words.percent(ratio)).isEqualTo(chart + "\u00a0%");
    }
  }

  @Test
  void money_of_the_last_complete_month_is_in_the_headline() {
    TenureConfig config = TestLog.config(PAID);
    LogTables tables =
        new LogTables(
            TestLog.of(
                """
                user | time       | amount
                ann  | 2024-01-10 | 10
                bob  | 2024-01-10 | 40
                cid  | 2024-01-10 | 50
                bob  | 2024-02-10 | 30
                cid  | 2024-02-10 | 60
                cid  | 2024-03-01 | 10
                """),
            config,
            "2024-03-10");
    Tile tile =
        ReportPage.view(config, config.privacy(), tables.run(), tables).tiles().stream()
            .filter(one -> one.name().equals("net-revenue-retention"))
            .findFirst()
            .orElseThrow();
    assertThat(tile.label()).isEqualTo("Net revenue retention, February 2024");
    assertThat(tile.figure()).isEqualTo("90.0\u00a0%");
    assertThat(tile.details()).containsExactly("money of 3 users", "gross 80.0\u00a0%");
  }

  @Test
  void money_that_is_hidden_is_not_said_to_be_not_yet_known() {
    assertThat(revenue(1, PrivacyConfig.NONE).figure()).isEqualTo("not yet known");
    assertThat(revenue(2, PrivacyConfig.NONE).figure()).isEqualTo("nobody paid before");
    Tile hidden = revenue(2, new PrivacyConfig(5, 1));
    assertThat(hidden.figure()).isEqualTo("not shown");
    assertThat(hidden.details()).isEmpty();
    assertThat(hidden.label()).isEqualTo("Net revenue retention");
  }

  /** The tile of complete months without a rate. */
  private static Tile revenue(int months, PrivacyConfig privacy) {
    List<TableRow> rows = new ArrayList<>();
    for (int month = 0; month < months; month++) {
      rows.add(
          new TableRow(
              Map.of("is_complete", 0, "segment", 1, "segment_value", 2),
              new Object[] {true, "(all)", "(all)"}));
    }
    PublishedTables hidden =
        new PublishedTables() {
          @Override
          public List<TableRow> rows(String table, Choice choice, List<String> columns) {
            assertThat(table).isEqualTo("revenue_retention");
            return rows;
          }

          @Override
          public Map<String, String> definitions(String table) {
            return Map.of();
          }
        };
    return RevenueTile.of(hidden, privacy).orElseThrow();
  }

  @Test
  void the_biggest_change_is_judged_by_how_many_were_compared() {
    LocalDate march = LocalDate.of(2024, 3, 1);
    List<TableRow> rows = new ArrayList<>();
    for (int value = 0; value < 20; value++) {
      long churned = value == 7 ? 90 : 100;
      rows.add(churn("v" + value, march.minusMonths(1), 1_000, 100));
      rows.add(churn("v" + value, march, 1_000, churned));
    }
    // An old month does not count, however it differs.
    rows.add(churn("v0", march.minusMonths(2), 1_000, 900));
    List<Segment> segments = rows.stream().map(TableRow::segment).distinct().toList();
    Change.Biggest biggest =
        Change.biggest(rows, new ShownSegments(segments, List.of())).orElseThrow();

    assertThat(biggest.change().what()).isEqualTo("plan = v7");
    assertThat(biggest.compared()).isEqualTo(20);
    // Fisher's exact p of 100 and 90 of 1000 each is 0.49, times 20 is more than 1.
    assertThat(biggest.pValue()).isEqualTo(1);

    rows.set(15, churn("v7", march, 1_000, 30));
    biggest = Change.biggest(rows, new ShownSegments(segments, List.of())).orElseThrow();
    // In whole numbers, of 100 and 30: p = 1.469307e-10, times 20.
    assertThat(biggest.pValue()).isCloseTo(2.938613e-9, within(1e-14));
  }

  @Test
  void a_change_of_a_few_users_is_judged_exactly() {
    LocalDate march = LocalDate.of(2024, 3, 1);
    List<TableRow> rows =
        List.of(churn("v", march.minusMonths(1), 10, 0), churn("v", march, 10, 4));
    Change.Biggest biggest =
        Change.biggest(rows, new ShownSegments(List.of(rows.get(0).segment()), List.of()))
            .orElseThrow();

    // Of the ways to lose 4 of 20, those with all of one month: 2 * 210 / 4845. By z it was 0.025.
    assertThat(biggest.pValue()).isCloseTo(420.0 / 4845, within(1e-12));
  }

  private static TableRow churn(String plan, LocalDate month, long users, long churned) {
    Map<String, Integer> index =
        index(
            "segment", "segment_value", "stage", "period_start", "users_at_start", "churned_users");
    return new TableRow(index, new Object[] {"plan", plan, "(all)", month, users, churned});
  }

  @Test
  void hostile_values_stay_text() throws Exception {
    TenureConfig config = TestLog.config("name: '<script>alert(1)</script>'\nsegments: [plan]");
    LogTables tables =
        new LogTables(
            TestLog.of(events(7, 120, 100, HOSTILE, List.of("x"), "plan")), config, "2024-05-31");
    String html = ReportPage.of(config, config.privacy(), tables.run(), tables);

    assertThat(html).doesNotContain("<script>alert", "<img src=x", "onerror=alert(1)>");
    assertThat(segments(data(html)).stream().map(Segment::value)).containsAll(HOSTILE);
    assertThat(data(html).get("name").asText()).isEqualTo("<script>alert(1)</script>");

    // Whatever runs is named in the policy by its fingerprint, and the policy names nothing else.
    Matcher policy =
        Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\"").matcher(html);
    assertThat(policy.find()).isTrue();
    String sources = policy.group(1).replace("&#39;", "'");
    assertThat(sources).startsWith("default-src 'none'; base-uri 'none'; form-action 'none'; ");
    assertThat(sources).doesNotContain("unsafe", "http", "data:", "*");
    Matcher script = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(html);
    int scripts = 0;
    while (script.find()) {
      assertThat(sources).contains("'sha256-" + sha256(script.group(1)) + "'");
      scripts++;
    }
    assertThat(scripts).isEqualTo(14);
    assertThat(html.split("<script", -1)).hasSize(scripts + 2);
    assertThat(html).doesNotContainPattern("<[^>]* (style|on[a-z]+)=");
  }

  private static String sha256(String text) throws Exception {
    return Base64.getEncoder()
        .encodeToString(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_year_with_three_segments_stays_below_three_megabytes() {
    TenureConfig config = TestLog.config("segments: [country, plan, device]");
    List<Map<String, String>> events = new ArrayList<>();
    Random random = new Random(3);
    for (int user = 0; user < 500; user++) {
      int day = random.nextInt(360);
      Map<String, String> values = new LinkedHashMap<>();
      for (String dimension : List.of("country", "plan", "device")) {
        values.put(dimension, dimension + " number " + random.nextInt(40));
      }
      for (int event = 0; event < 12 && day < 365; event++, day += 1 + random.nextInt(20)) {
        Map<String, String> row = new LinkedHashMap<>(values);
        row.put("user", "u" + user);
        row.put("time", LocalDate.of(2025, 1, 1).plusDays(day).toString());
        events.add(row);
      }
    }
    LogTables tables = new LogTables(TestLog.of(events), config, "2025-12-31");
    PageView view = ReportPage.view(config, config.privacy(), tables.run(), tables);
    String html = ReportPage.of(config, config.privacy(), tables.run(), tables);

    assertThat(html.getBytes(StandardCharsets.UTF_8).length).isBetween(500_000, 3_000_000);
    assertThat(view.assurance())
        .anyMatch(
            line -> line.startsWith("Of country the page shows the 8 largest of 40 values with "));
  }

  @Test
  void of_ten_thousand_values_the_largest_are_shown() {
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < 10_010; user++) {
      // Eleven users of "city 0", one of every other.
      events.add(
          Map.of(
              "user", "u" + user,
              "time", "2024-01-0" + (1 + user % 3),
              "city", "city " + Math.max(0, user - 10)));
    }
    TenureConfig config = TestLog.config("segments: [city]\nretention: [{grains: {month: 1}}]");
    LogTables tables = new LogTables(TestLog.of(events), config, "2024-01-03");
    ShownSegments shown = ShownSegments.of(tables, config.dimensions(), LocalDate.of(2024, 1, 3));

    assertThat(shown.segments())
        .hasSize(9)
        .startsWith(Segment.WHOLE, new Segment("city", "city 0"));
    assertThat(shown.dimensions())
        .containsExactly(new ShownSegments.Dimension("city", 10_000, 8, 10_010, 18));
  }

  @Test
  void a_first_day_without_segments_is_a_page_of_what_is_not_yet_known() throws IOException {
    TenureConfig config = TestLog.config("");
    LogTables tables =
        new LogTables(TestLog.of("user | time\nann | 2024-01-01"), config, "2024-01-01");
    PageView view = ReportPage.view(config, config.privacy(), tables.run(), tables);

    assertThat(view.tiles()).extracting(Tile::figure).containsOnly("not yet known");
    assertThat(
            ReportPage.view(config, new PrivacyConfig(2, 1), tables.run(), tables).tiles().stream()
                .map(Tile::figure))
        .containsOnly("not shown");
    assertThat(segments(data(ReportPage.of(config, config.privacy(), tables.run(), tables))))
        .containsExactly(Segment.WHOLE);
  }

  @Test
  void the_first_question_of_the_config_is_shown_first() throws IOException {
    TenureConfig config =
        TestLog.config(
            "retention: [{name: main, grains: {day: 1}}, {name: also, grains: {day: 1}}]");
    LogTables tables =
        new LogTables(TestLog.of("user | time\nann | 2024-01-01"), config, "2024-01-02");
    assertThat(
            data(ReportPage.of(config, config.privacy(), tables.run(), tables))
                .get("retention")
                .get("triangles")
                .findValuesAsText("question"))
        .containsExactly("main", "also");
  }

  @Test
  void churn_by_cancellation_is_explained_as_such() {
    TenureConfig config =
        TestLog.config(
            "churn: {mode: cancellation, events: {start: \"true\", cancel: \"false\"},"
                + " stages: {young: 0, old: 6}}");
    LogTables tables =
        new LogTables(
            TestLog.of(
                "user | time | is\nann | 2024-01-01 | active start\nann | 2024-03-01 | cancel"),
            config,
            "2024-04-30");
    PageView view = ReportPage.view(config, config.privacy(), tables.run(), tables);

    Section churn =
        view.sections().stream().filter(one -> one.id().equals("churn")).findFirst().orElseThrow();
    assertThat(churn.meaning().get(0)).startsWith("A user churns on the day of the cancellation");
    assertThat(churn.meaning().get(2)).endsWith("young from month 0, old from month 6.");
    assertThat(churn.tables().get("churn_by_stage"))
        .containsEntry("churn_rate", "churned_users / users_at_start, 0 to 1")
        .doesNotContainKey("run_id");
  }

  static List<Map<String, String>> events(
      long seed, int users, int days, List<String> first, List<String> second) {
    return events(seed, users, days, first, second, "country");
  }

  /** Users with habits of their own, in one value of each of two dimensions. */
  static List<Map<String, String>> events(
      long seed, int users, int days, List<String> first, List<String> second, String dimension) {
    Random random = new Random(seed);
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      int stride = 1 + random.nextInt(20);
      int day = random.nextInt(days - 1);
      for (int event = 0; event < 30 && day < days; event++, day += 1 + random.nextInt(stride)) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("user", "u" + user);
        row.put("time", LocalDate.of(2024, 1, 1).plusDays(day).toString());
        // Some events bring nothing, some are refunds.
        row.put("amount", day % 3 == 0 ? "-" : Integer.toString(5 * (user % 7) + day % 5 - 3));
        row.put(dimension, first.get(user % first.size()));
        row.put(dimension.equals("plan") ? "country" : "plan", second.get(user % second.size()));
        events.add(row);
      }
    }
    return events;
  }

  static List<Segment> segments(JsonNode data) {
    List<Segment> segments = new ArrayList<>();
    data.get("segments")
        .forEach(
            one ->
                segments.add(
                    new Segment(one.get("dimension").asText(), one.get("value").asText())));
    return segments;
  }

  static JsonNode data(String html) throws IOException {
    Matcher island =
        Pattern.compile(
                "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL)
            .matcher(html);
    assertThat(island.find()).isTrue();
    return new ObjectMapper().readTree(island.group(1));
  }
}
