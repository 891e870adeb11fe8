package io.tenure.jobs.report.page;

import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import io.tenure.common.AtOnce;
import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.PrivacyConfig;
import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.RunRecord;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * The page that a team looks at on Monday: one file that needs nothing else, made from the
 * published tables of a run and its record.
 */
public final class ReportPage {
  private static final List<String> SCRIPTS =
      List.of(
          "vendor/d3-7.9.0.min.js",
          "vendor/plot-0.6.17.umd.min.js",
          "page.js",
          "chart.js",
          "retention.js",
          "activity.js",
          "churn.js",
          "survival.js",
          "usage.js",
          "funnel.js",
          "revenue.js",
          "drivers.js",
          "warning.js",
          "start.js");

  private static final List<String> LICENCES = List.of("vendor/d3-LICENSE", "vendor/plot-LICENSE");

  private ReportPage() {}

  /**
   * The page of a run.
   *
   * @param config the config that the run was computed by
   * @param privacy what the tables hide
   * @param directory where a table of the run is, by its name
   * @return HTML in UTF-8
   */
  public static byte[] of(
      TenureConfig config,
      PrivacyConfig privacy,
      RunRecord run,
      Configuration hadoop,
      UnaryOperator<String> directory) {
    return of(config, privacy, run, new ParquetTables(hadoop, directory))
        .getBytes(StandardCharsets.UTF_8);
  }

  static String of(
      TenureConfig config, PrivacyConfig privacy, RunRecord run, PublishedTables tables) {
    StringOutput html = new StringOutput(1 << 20);
    JtereportGenerated.render(
        new OwaspHtmlTemplateOutput(html), null, view(config, privacy, run, tables));
    return html.toString();
  }

  static PageView view(
      TenureConfig config, PrivacyConfig privacy, RunRecord run, PublishedTables tables) {
    LocalDate asOf = LocalDate.parse(run.asOf());
    LocalDate logStart = LocalDate.parse(run.logStart());
    Reach reach = new Reach(asOf, logStart);
    ShownSegments shown = ShownSegments.of(tables, config.dimensions(), asOf);
    List<TableRow> churn = ChurnData.rows(tables, shown, reach);
    // The triangles are half of what there is to read.
    PageData data =
        AtOnce.both(
            "Reading",
            () ->
                RetentionData.of(
                    config.retention().stream().map(RetentionConfig::name).toList(),
                    tables,
                    shown,
                    reach),
            () -> others(config, privacy, run, tables, churn, shown),
            (retention, others) -> others.apply(retention));
    return new PageView(
        run.name(),
        "As of %s. The log begins on %s; days are local days of %s."
            .formatted(Words.day(asOf), Words.day(logStart), config.timezone()),
        run.runId(),
        new Headline(tables, churn, shown, data.warning(), config.churn().horizon(), privacy, asOf)
            .tiles(),
        Assurance.of(run, data.retention(), shown, privacy, tables),
        new Sections(config, tables).all(),
        data.json(),
        Inline.of("page.css"),
        Inline.of("chart.css"),
        SCRIPTS.stream().map(Inline::of).toList(),
        LICENCES.stream().map(licence -> Inline.of(licence).text()).toList());
  }

  /** All data of the page but the triangles. */
  private static Function<RetentionData, PageData> others(
      TenureConfig config,
      PrivacyConfig privacy,
      RunRecord run,
      PublishedTables tables,
      List<TableRow> churn,
      ShownSegments shown) {
    LocalDate asOf = LocalDate.parse(run.asOf());
    Reach reach = new Reach(asOf, LocalDate.parse(run.logStart()));
    ActivityData activity = ActivityData.of(tables, shown, reach);
    GrowthData growth = GrowthData.of(tables, shown, reach);
    SurvivalData survival = SurvivalData.of(tables, shown);
    UsageData usage = UsageData.of(tables, shown);
    FunnelData funnel = FunnelData.of(config.funnels(), tables, shown, reach);
    RevenueData revenue = RevenueData.of(config.retention(), tables, shown, reach);
    DriversData drivers = DriversData.of(tables, shown);
    WarningData warning = WarningData.of(tables, asOf);
    ChurnConfig.Bands bands = config.churn().bands();
    ChurnData churned = ChurnData.of(churn, shown, reach, bands.watch(), bands.alert());
    return retention ->
        new PageData(
            run.name(),
            run.runId(),
            run.asOf(),
            run.logStart(),
            config.churn().mode() == ChurnConfig.Mode.INACTIVITY
                ? config.churn().inactiveDays()
                : null,
            config.churn().horizon(),
            privacy.minUsers() > 0 || privacy.roundTo() > 1,
            shown.segments(),
            shown.dimensions(),
            stages(config),
            retention,
            activity,
            growth,
            churned,
            survival,
            usage,
            funnel,
            revenue,
            drivers,
            warning);
  }

  private static List<String> stages(TenureConfig config) {
    return Stream.concat(
            config.churn().stages().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey),
            Stream.of(Segment.WHOLE.value()))
        .toList();
  }
}
