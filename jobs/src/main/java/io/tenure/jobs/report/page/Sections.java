package io.tenure.jobs.report.page;

import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.FunnelConfig;
import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.TenureConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The parts of the page, defined in the words of this run's config and of its tables. */
final class Sections {
  private final TenureConfig config;
  private final PublishedTables tables;

  Sections(TenureConfig config, PublishedTables tables) {
    this.config = config;
    this.tables = tables;
  }

  List<Section> all() {
    List<Section> sections =
        new ArrayList<>(List.of(retention(), activity(), growth(), churn(), survival(), usage()));
    if (!tables.definitions("funnel").isEmpty()) {
      sections.add(funnel());
    }
    if (!tables.definitions("revenue_retention").isEmpty()) {
      sections.add(revenue());
    }
    if (!config.dimensions().isEmpty()) {
      sections.add(drivers());
    }
    if (!tables.definitions("risk_backtest").isEmpty()) {
      sections.add(warning());
    }
    return List.copyOf(sections);
  }

  private Section retention() {
    List<String> meaning = new ArrayList<>();
    for (RetentionConfig question : config.retention()) {
      meaning.add(
          "%s: %s; they came back in a period with the activity “%s” in it."
              .formatted(question.name(), cohort(question), question.returning()));
    }
    meaning.add(
        "A cell is final when its period is over for every user of the cohort; until then it is"
            + " hatched. It is never shown as 0 %.");
    meaning.add(
        "The pooled curve is users who came back over users of all cohorts that have lived through"
            + " the period, summed before they are divided; never a mean of percentages.");
    meaning.add("A user counts under the segment value of the day of birth.");
    return section(
        "retention",
        "Who comes back",
        "Of the users of each cohort, the share that came back, period by period.",
        meaning,
        "retention",
        "retention_curve");
  }

  private static String cohort(RetentionConfig question) {
    return switch (question.cohort()) {
      case FIRST ->
          "users are born with their very first event, which must be “%s”"
              .formatted(question.start());
      case FIRST_MATCHING ->
          "users are born with their first “%s”, whatever came before".formatted(question.start());
      case RECURRING ->
          "users join the cohort of every period in which they do “%s”".formatted(question.start());
    };
  }

  private Section activity() {
    return section(
        "activity",
        "How many are active, and how often",
        "Users active on a day, in the 7 and in the 28 days that end with it; and what part of the"
            + " 28 days' users a day sees.",
        List.of(
            "Days are local days of " + config.timezone() + ".",
            "Stickiness is the day's users over the 28 days' users, with its 95 % interval.",
            "A user counts under the segment value of the day itself."),
        "active_users");
  }

  private Section growth() {
    return section(
        "growth",
        "Where users come from and go",
        "Active users of a period as new, retained and resurrected ones; below zero those who were"
            + " active in the period before and not in this one.",
        List.of(
            "active = new + retained + resurrected; churned = active in the period before and not"
                + " in this one. Not the churn of the next section, which takes "
                + (config.churn().mode() == ChurnConfig.Mode.CANCELLATION
                    ? "a cancellation."
                    : config.churn().inactiveDays() + " silent days."),
            "The open period has its users so far; its churned users are not yet known.",
            "Quick ratio is (new + resurrected) / churned."),
        "growth");
  }

  private Section churn() {
    ChurnConfig churn = config.churn();
    List<String> meaning = new ArrayList<>();
    meaning.add(
        churn.mode() == ChurnConfig.Mode.CANCELLATION
            ? "A user churns on the day of the cancellation; a pause or a downgrade is no churn."
            : "A user churns when %d full days without activity have passed, on the day after them."
                .formatted(churn.inactiveDays()));
    meaning.add(
        "The rate is users lost in the month over users there at its start; users who joined and"
            + " left within the month are outside of it.");
    meaning.add("Stage is by months since birth on the first day of the month: " + stages() + ".");
    meaning.add(
        "Bands of a month: healthy below %s, watch up to %s, alert above."
            .formatted(Words.percent(churn.bands().watch()), Words.percent(churn.bands().alert())));
    return section(
        "churn",
        "Who leaves, and at which stage of life",
        "Of the users there when a month starts, the share lost in it, with its 95 % interval.",
        meaning,
        "churn_by_stage");
  }

  private String stages() {
    Map<Integer, String> byStart = new TreeMap<>();
    churnStages().forEach((stage, start) -> byStart.put(start, stage));
    return byStart.entrySet().stream()
        .map(stage -> stage.getValue() + " from month " + stage.getKey())
        .collect(Collectors.joining(", "));
  }

  private Map<String, Integer> churnStages() {
    return config.churn().stages();
  }

  private Section survival() {
    return section(
        "survival",
        "How long they stay",
        "The estimated share of users still there after so much time since birth, with its 95 %"
            + " interval.",
        List.of(
            "Kaplan-Meier, first spells, by the day; users still there on the as-of day are censored"
                + " then. A life has the silent days in it that make a churn.",
            "Whether the values of a dimension differ is judged by the log-rank test.",
            "A user counts under the segment value of the day of birth."),
        "survival",
        "survival_by_stage",
        "survival_test");
  }

  private Section usage() {
    return section(
        "usage",
        "How much of a habit it is",
        "Active days of the users of the last 28 days; and which segments are used less than once"
            + " in 28 days by most of their users: the forgettable zone.",
        List.of(
            "core: 21 to 28 active days of the last 28; regular: 14 to 20; casual: 7 to 13;"
                + " infrequent: 1 to 6.",
            "The use spectrum looks at users of at least 84 days who were active in the last 84;"
                + " below monthly are those with 1 or 2 active days in them.",
            "A segment is in the forgettable zone when more than half of these are below monthly."),
        "usage_habit");
  }

  private Section funnel() {
    List<String> meaning = new ArrayList<>();
    for (FunnelConfig funnel : config.funnels()) {
      meaning.add(
          "%s: a user enters %s."
              .formatted(
                  funnel.name(),
                  funnel.entry() == FunnelConfig.Entry.FIRST
                      ? "the first time that they take the first step, and by month the first time in it"
                      : "every time that they take the first step; the attempt that leads furthest counts"));
    }
    meaning.add(
        "They go on to the first later event of the next step; other events may lie between.");
    meaning.add(
        "The window begins with the first step. While it is open, a user who got no further may"
            + " still go on, and no rate counts them.");
    meaning.add("A user counts under the segment value of the day on which they enter.");
    return section(
        "funnel",
        "How far they get",
        "Of the users who take the first step of a funnel, those who take the next ones, and where"
            + " most of them stop.",
        meaning,
        "funnel",
        "funnel_periods");
  }

  private Section revenue() {
    return section(
        "revenue",
        "What becomes of the money",
        "The money of a month as kept, grown, new and come back; below zero what was lost of the"
            + " month before.",
        List.of(
            "opening + new + expansion + reactivation - contraction - churned = closing.",
            "Gross revenue retention is what is left of the opening; net revenue retention adds by"
                + " how much its users have grown.",
            "A user whose amounts of a month add up to less than 0 counts as one without money; what"
                + " is below 0 stands in net_refunds.",
            "A user counts under the segment value as of the month's last day; in lifetime value,"
                + " under that of the day of birth."),
        "revenue_retention",
        "revenue_cohorts");
  }

  private Section drivers() {
    return section(
        "drivers",
        "Where it differs",
        "Each value of each dimension against all its other values: who leaves, and who comes back.",
        List.of(
            "Churn is that of the last complete month, under the value as of the day before it;"
                + " return is in the first period after birth, pooled over all cohorts that have"
                + " lived through it, under the value of the day of birth.",
            "p is the probability of such a difference or a larger one if there is none; it is"
                + " adjusted for the number of comparisons (Benjamini-Hochberg): of those at or below"
                + " 0.05, about one in twenty at most is expected to be there by chance.",
            "A difference says where to look, not why."),
        "drivers");
  }

  private Section warning() {
    return section(
        "warning",
        "Who may leave next",
        "How far the risk in the table at_risk_users can be trusted: the same rule at past month"
            + " ends, from what was known then, against what happened.",
        List.of(
            "The risk of a user is the share of users who stood alike when one of the last 12 months"
                + " began, and churned within %d days: the same stage, as long a silence, the same signs."
                    .formatted(config.churn().horizon()),
            "Precision is the share of flagged users who left; recall the share of users who left that"
                + " had been flagged. Both are pooled over the month ends that had six months or more"
                + " to learn from; over all, if none had.",
            "The users themselves, each with the reasons, are in the table at_risk_users, which stays"
                + " with the exact tables."),
        "risk_backtest");
  }

  private Section section(
      String id, String title, String lead, List<String> meaning, String... names) {
    Map<String, Map<String, String>> definitions = new LinkedHashMap<>();
    for (String name : names) {
      Map<String, String> columns = new LinkedHashMap<>(tables.definitions(name));
      columns.remove("run_id");
      if (!columns.isEmpty()) {
        definitions.put(name, columns);
      }
    }
    return new Section(id, title, lead, List.copyOf(meaning), definitions);
  }
}
