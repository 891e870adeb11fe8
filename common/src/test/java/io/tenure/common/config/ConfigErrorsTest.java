package io.tenure.common.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tenure.common.UserError;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a user reads when the file is wrong. Lines 1 and 2 are the required keys. */
class ConfigErrorsTest {
  private static final String REQUIRED =
      """
      input: {path: events/, user: user_id, time: event_time}
      output: out/
      """;

  @Test
  void an_unknown_key_names_its_line_and_the_nearest_known_key() {
    rejects(
        "# a comment\nkeep-run: 3",
        "shop.yaml:4: unknown key 'keep-run'; did you mean 'keep-runs'?");
    rejects(
        "churn:\n  inactivedays: 3",
        "shop.yaml:4: unknown key 'churn.inactivedays'; did you mean 'churn.inactive-days'?");
    rejects(
        "retention:\n- name: a\n- name: b\n  cohrt: first",
        "shop.yaml:6: unknown key 'retention.1.cohrt'; did you mean 'retention.1.cohort'?");
  }

  @Test
  void an_unknown_key_far_from_all_known_ones_lists_them() {
    rejects(
        "churn: {colour: red}",
        "shop.yaml:3: unknown key 'churn.colour'; known keys: mode, inactive-days,"
            + " events, contract, stages, bands, survival-interval, projection");
    rejects(
        "retention: [{grains: {quarter: 3}}]",
        "shop.yaml:3: unknown key 'retention.0.grains.quarter'; known keys: day, week, month");
  }

  @Test
  void an_unknown_key_is_reported_before_the_key_that_it_leaves_missing() {
    rejectsFile(
        "input:\n  path: events/\n  usr: user_id\n  time: event_time\noutput: out/",
        "shop.yaml:3: unknown key 'input.usr'; did you mean 'input.user'?");
  }

  @Test
  void identities_are_read_as_strictly() {
    rejects(
        "identites: {path: p}", "shop.yaml:3: unknown key 'identites'; did you mean 'identities'?");
    rejects(
        "identities: {path: p, alais: a}",
        "shop.yaml:3: unknown key 'identities.alais'; did you mean 'identities.alias'?");
    rejects(
        "identities: {alias: a}",
        "shop.yaml:3: 'identities.path' is missing; it must be where the table of aliases is: any"
            + " Hadoop path or glob");
    rejects("identities: people/", "shop.yaml:3: 'identities' must be a mapping, not 'people/'");
  }

  @Test
  void credentials_have_no_place_in_a_config_and_are_not_shown() {
    String remedy =
        "; give them to the process as TENURE_POSTGRESQL_USER and TENURE_POSTGRESQL_PASSWORD";
    rejects(
        "publish: {postgresql: {url: 'jdbc:postgresql://h/d?sslmode=require&p%61ssword=s3cret'}}",
        "shop.yaml:3: 'publish.postgresql.url' must not hold credentials, such as the parameter"
            + " 'password'"
            + remedy);
    rejects(
        "publish: {postgresql: {url: 'jdbc:postgresql://ann:s3cret@h/d'}}",
        "shop.yaml:3: 'publish.postgresql.url' must be jdbc:postgresql://host:port/database, with or"
            + " without ?parameters, but no user or password, not what is there");
    rejects(
        "publish: {postgresql: {url: 'jdbc:postgresql://h/d?a%zz=1'}}",
        "shop.yaml:3: 'publish.postgresql.url' must be a URL in which %XX stands for a byte: a % of"
            + " its own is written %25, not what is there");
    rejects(
        "publish: {postgresql: {url: 'jdbc:postgresql://h/d?=&=x&password'}}",
        "shop.yaml:3: 'publish.postgresql.url' must not hold credentials, such as the parameter"
            + " 'password'"
            + remedy);
    rejects(
        "publish: {postgresql: {url: 'jdbc:postgresql://h/d', password: s3cret}}",
        "shop.yaml:3: unknown key 'publish.postgresql.password'; known keys: url, schema,"
            + " lock-seconds");
    rejects(
        "publish: {postgresql: {schema: s}}",
        "shop.yaml:3: 'publish.postgresql.url' is missing; it must be such as"
            + " jdbc:postgresql://localhost:5432/analytics");
  }

  @Test
  void a_catalog_is_named_as_spark_names_it() {
    rejects(
        "publish: {catalog: {namespace: tenure}}",
        "shop.yaml:3: 'publish.catalog.name' is missing; it must be what Spark calls the catalog:"
            + " spark.sql.catalog.NAME");
    rejects(
        "publish: {catalog: {name: lake.tenure}}",
        "shop.yaml:3: 'publish.catalog.name' must be letters, digits, _ and -, as in"
            + " spark.sql.catalog.NAME, not 'lake.tenure'");
    rejects(
        "publish: {catalog: {name: lake, namespace: []}}",
        "shop.yaml:3: 'publish.catalog.namespace' must be a name, or a list of names, one for each"
            + " level, not a list");
    rejects(
        "publish: {catalog: {name: lake, tags: maybe}}",
        "shop.yaml:3: 'publish.catalog.tags' must be true or false, not 'maybe'");
    rejects(
        "publish: {catalog: {name: lake, token: s3cret}}",
        "shop.yaml:3: unknown key 'publish.catalog.token'; known keys: name, namespace, tags");
  }

  @Test
  void a_key_given_twice_is_an_error() {
    rejects(
        "churn:\n  inactive-days: 3\n  inactive-days: 4",
        "shop.yaml:5: 'churn.inactive-days' is given twice, first at shop.yaml:4; keep one");
  }

  @Test
  void required_keys_are_required() {
    rejectsFile(
        "name: shop",
        "shop.yaml: 'input.path' is missing; it must be where the events are: any Hadoop path or"
            + " glob");
    rejectsFile(
        "name: shop\ninput:\n  path: events/",
        "shop.yaml:2: 'input.user' is missing; it must be the column that identifies a user");
    rejectsFile(
        "input: {path: events/, user: user_id}",
        "shop.yaml:1: 'input.time' is missing; it must be the column that holds the time of an"
            + " event");
    rejectsFile(
        "input: {path: events/, user: user_id, time: event_time}",
        "shop.yaml: 'output' is missing; it must be where runs are published: any Hadoop path");
  }

  @Test
  void an_empty_file_is_an_error() {
    String message =
        "shop.yaml: the file is empty; the smallest one gives input.path, input.user, input.time"
            + " and output";
    rejectsFile("", message);
    rejectsFile("# only a comment\n", message);
    rejectsFile("name:shop", "shop.yaml: the file must be a mapping, not 'name:shop'");
    rejectsFile("- a\n- b", "shop.yaml: the file must be a mapping, not a list");
  }

  @Test
  void text_that_is_not_yaml_names_the_line() {
    rejects(
        "activities:\n  buy: event: buy",
        "shop.yaml:4: not YAML: mapping values are not allowed here, in \"buy: event: buy\"; check"
            + " the indentation, and put SQL in quotes");
    rejects(
        "name: shop\nchurn\nkeep-runs: 3",
        "shop.yaml:4: not YAML: while scanning a simple key, could not find expected ':', in"
            + " \"churn\"; check the indentation, and put SQL in quotes");
    rejects(
        "activities: {buy: 'it'\nkeep-runs: 3",
        "shop.yaml:4: not YAML: while parsing a flow mapping, expected ',' or '}', but got <scalar>,"
            + " in \"keep-runs: 3\"; check the indentation, and put SQL in quotes");
    rejects(
        "name: \"shop\n",
        "shop.yaml:3: not YAML: while scanning a quoted scalar, found unexpected end of stream, in"
            + " \"name: \"shop\"; check the indentation, and put SQL in quotes");
    rejects(
        "---\nname: shop",
        "shop.yaml:3: not YAML: expected a single document in the stream, but found another"
            + " document, in \"---\"; check the indentation, and put SQL in quotes");
    rejects(
        "name: sh\u0001op",
        "shop.yaml:3: not YAML: the character U+0001, in \"name: sh\u0001op\"; check the"
            + " indentation, and put SQL in quotes");
  }

  @Test
  void yaml_that_configuration_has_no_use_for_is_an_error() {
    rejects(
        "name: !!java.util.Date 1",
        "shop.yaml:3: 'name' has the tag 'tag:yaml.org,2002:java.util.Date'; remove it");
    rejects("segments: &s [*s]", "shop.yaml:3: 'segments.0' contains itself; remove the '*'");
    rejects("? [a]\n: b", "shop.yaml:3: a key must be one word, not a list or a mapping");
  }

  @Test
  void a_wrong_type_names_the_right_one() {
    rejects("name: [a]", "shop.yaml:3: 'name' must be text, not a list");
    rejects("name: {a: b}", "shop.yaml:3: 'name' must be text, not a mapping");
    rejects("name: true", "shop.yaml:3: 'name' must be text, not true; put it in quotes: \"true\"");
    rejects("name: 2024", "shop.yaml:3: 'name' must be text, not 2024; put it in quotes: \"2024\"");
    rejects("name: ''", "shop.yaml:3: 'name' is empty text; give it a value, or leave the key out");
    rejects("name:", "shop.yaml:3: 'name' has no value; it must be text, or the key left out");
    rejects(
        "churn: {events: {start: \"event_name = 'start'\"}}",
        "shop.yaml:3: 'churn.events' is looked at with 'churn.mode: cancellation' only; set it, or"
            + " leave the events out");
    rejects("churn: 28", "shop.yaml:3: 'churn' must be a mapping, not '28'");
    rejects(
        "churn:", "shop.yaml:3: 'churn' has no value; it must be a mapping, or the key left out");
    rejects("segments: country", "shop.yaml:3: 'segments' must be a list, not 'country'");
    rejects("activities: {buy: [a]}", "shop.yaml:3: 'activities.buy' must be text, not a list");
  }

  @Test
  void numbers_are_numbers_in_their_range() {
    rejects(
        "keep-runs: many",
        "shop.yaml:3: 'keep-runs' must be a whole number from 1 to 1000, not 'many'");
    rejects(
        "keep-runs: 2.5",
        "shop.yaml:3: 'keep-runs' must be a whole number from 1 to 1000, not '2.5'");
    rejects(
        "keep-runs: \"7\"",
        "shop.yaml:3: 'keep-runs' must be a whole number from 1 to 1000, not text in quotes:"
            + " \"7\"");
    for (String number : List.of("0", "1001", "99999999999", "0x10")) {
      rejects(
          "keep-runs: " + number,
          "shop.yaml:3: 'keep-runs' must be a whole number from 1 to 1000, not '" + number + "'");
    }
    for (String number : List.of("0", "3651")) {
      rejects(
          "churn: {inactive-days: " + number + "}",
          "shop.yaml:3: 'churn.inactive-days' must be a whole number from 1 to 3650, not '"
              + number
              + "'");
    }
    for (String number : List.of("-0.1", "1.01", ".nan", ".inf", "1%")) {
      rejects(
          "quality: {max-rejected-ratio: " + number + "}",
          "shop.yaml:3: 'quality.max-rejected-ratio' must be a number from 0 to 1, not '"
              + number
              + "'");
    }
    rejects(
        "active-users: {windows: [7, 0]}",
        "shop.yaml:3: 'active-users.windows.1' must be a whole number from 1 to 1000, not '0'");
  }

  @Test
  void users_to_hide_are_counted() {
    rejects(
        "privacy: {round-to: 0}",
        "shop.yaml:3: 'privacy.round-to' must be a whole number from 1 to 1000000, not '0'");
    rejects(
        "privacy: {min-users: few}",
        "shop.yaml:3: 'privacy.min-users' must be a whole number from 0 to 2147483647, not 'few'");
  }

  @Test
  void a_zone_a_week_day_and_a_format_are_known_words() {
    rejects(
        "timezone: Europe/Bucarest",
        "shop.yaml:3: 'timezone' must be a time zone such as Europe/Bucharest or UTC, not"
            + " 'Europe/Bucarest'; did you mean 'Europe/Bucharest'?");
    rejects(
        "timezone: Atlantis",
        "shop.yaml:3: 'timezone' must be a time zone such as Europe/Bucharest or UTC, not"
            + " 'Atlantis'");
    rejects(
        "week-start: munday",
        "shop.yaml:3: 'week-start' must be one of monday, tuesday, wednesday, thursday, friday,"
            + " saturday, sunday, not 'munday'; did you mean 'monday'?");
    rejectsOverride(
        "input.format=CSV",
        "'input.format' must be one of parquet, csv, json, orc, not 'CSV'; did you mean 'csv'?");
    rejectsOverride(
        "input.time-unit=ns",
        "'input.time-unit' must be one of seconds, milliseconds, microseconds, not 'ns'");
  }

  @Test
  void a_date_is_an_iso_date() {
    for (String date : List.of("2024-02-30", "20240131", "yesterday")) {
      rejectsOverride(
          "input.history-starts=" + date,
          "'input.history-starts' must be a date such as 2024-01-31, not '" + date + "'");
    }
  }

  @Test
  void options_of_the_reader_are_single_values() {
    rejectsOverride(
        "input.options.sep=[a]", "'input.options.sep' must be a single value, not a list");
  }

  @Test
  void names_are_fit_for_tables() {
    rejects(
        "activities: {Purchase: a}",
        "shop.yaml:3: the name 'Purchase' in 'activities' must be lower-case letters, digits and _,"
            + " beginning with a letter");
    rejects(
        "churn: {stages: {(all): 0}}",
        "shop.yaml:3: the name '(all)' in 'churn.stages' must be lower-case letters, digits and _,"
            + " beginning with a letter");
    rejects(
        "retention: [{name: My question}]",
        "shop.yaml:3: 'retention.0.name' must be lower-case letters, digits and _, beginning with a"
            + " letter, not 'My question'");
    rejects(
        "segments: [{(all): a}]",
        "shop.yaml:3: the name '(all)' in 'segments.0' must be letters, digits and _, beginning"
            + " with a letter");
    rejects(
        "segments: [geo.country]",
        "shop.yaml:3: 'segments.0' must be a column named by letters, digits and _, not"
            + " 'geo.country'; give an expression a name, as in 'country: geo.country'");
  }

  @Test
  void at_most_63_activities_are_possible_and_active_is_one_of_them() {
    String sixtyThree =
        IntStream.range(0, 63).mapToObj(i -> "a" + i + ": a").collect(joining(", "));
    rejects(
        "activities: {" + sixtyThree + "}",
        "shop.yaml:3: 'activities' has 64, 'active' included; at most 63 are possible");
    String withActive = sixtyThree.replace("a62: a", "active: a");
    assertThat(
            ConfigLoader.load(REQUIRED + "activities: {" + withActive + "}", "shop.yaml", List.of())
                .activities())
        .hasSize(63);
  }

  @Test
  void a_dimension_has_one_name_of_its_own() {
    rejects(
        "segments:\n- country\n- plan\n- Country: upper(country)",
        "shop.yaml:6: 'segments.2' names the dimension 'Country', but 'country' is already one;"
            + " give it another name");
    rejects(
        "segments:\n- country: a\n  plan: b",
        "shop.yaml:4: 'segments.0' must have one key, the name of the dimension, not 2; begin each"
            + " dimension with '-'");
  }

  @Test
  void a_retention_starts_and_returns_with_declared_activities() {
    rejects(
        "activities: {purchase: a}\nretention:\n- return: purchse",
        "shop.yaml:5: 'retention.0.return' must be declared in 'activities', not 'purchse'; did you"
            + " mean 'purchase'?");
    rejects(
        "activities: {purchase: a}\nretention:\n- start: login",
        "shop.yaml:5: 'retention.0.start' must be declared in 'activities', not 'login'; declared:"
            + " active, purchase");
    rejects(
        "retention: [{cohort: weekly}]",
        "shop.yaml:3: 'retention.0.cohort' must be one of first, first-matching, recurring, not"
            + " 'weekly'");
  }

  @Test
  void a_retention_has_a_name_of_its_own() {
    rejects(
        "retention:\n- cohort: first\n- cohort: recurring",
        "shop.yaml:5: 'retention.1.name' is 'default' like the one of an earlier element; give it"
            + " another name");
    rejects(
        "retention: []",
        "shop.yaml:3: 'retention' is an empty list; give it an element, or leave the key out");
  }

  @Test
  void grains_have_limits() {
    rejects(
        "retention: [{grains: {day: 1001}}]",
        "shop.yaml:3: 'retention.0.grains.day' must be a whole number from 0 to 1000, not '1001'");
    rejects(
        "retention: [{grains: {}}]",
        "shop.yaml:3: 'retention.0.grains' must have at least one of day, week, month");
  }

  @Test
  void brackets_ascend() {
    rejects(
        "retention: [{brackets: [0, 7, 7]}]",
        "shop.yaml:3: 'retention.0.brackets.2' must be above the bound before it, 7, not '7'");
    rejects(
        "retention: [{brackets: [7]}]",
        "shop.yaml:3: 'retention.0.brackets' has one bound; a bracket needs two, e.g. [0, 7], or"
            + " none: []");
    rejects(
        "retention: [{brackets: [-1, 7]}]",
        "shop.yaml:3: 'retention.0.brackets.0' must be a whole number from 0 to 1000, not '-1'");
  }

  @Test
  void stages_ascend_from_birth() {
    rejects(
        "churn:\n  stages:\n    early: 1",
        "shop.yaml:5: 'churn.stages.early' must be 0, because the first stage begins at birth, not"
            + " '1'");
    rejects(
        "churn:\n  stages:\n    early: 0\n    mid: 3\n    late: 3",
        "shop.yaml:7: 'churn.stages.late' must be above 3, where the stage before it begins, not"
            + " '3'");
    rejects(
        "churn: {stages: {}}",
        "shop.yaml:3: 'churn.stages' must have at least one stage, e.g. {all_life: 0}");
  }

  @Test
  void a_subscription_log_names_what_opens_and_what_ends_a_subscription() {
    rejects(
        "churn: {mode: cancellation}",
        "shop.yaml:3: 'churn.events.start' is missing; it must be the SQL condition of the event"
            + " that opens a subscription");
    rejects(
        "churn: {mode: cancellation, events: {start: a}}",
        "shop.yaml:3: 'churn.events.cancel' is missing; it must be the SQL condition of the event"
            + " that ends one");
    rejects(
        "churn: {events: {cancle: a}}",
        "shop.yaml:3: unknown key 'churn.events.cancle'; did you mean 'churn.events.cancel'?");
    rejects(
        "churn: {contract: {weekly: 0}}",
        "shop.yaml:3: 'churn.contract.weekly' must be a whole number from 1 to 1200, not '0'");
    rejects(
        "churn: {contract: {weekly: 1}}",
        "shop.yaml:3: 'churn.contract' is looked at with 'churn.mode: cancellation' only; set it, or"
            + " leave the contracts out");
  }

  @Test
  void what_is_said_of_answers_is_looked_at_where_there_are_any() {
    rejects(
        "nps: {churn-days: 30}",
        "shop.yaml:3: 'nps.churn-days' is looked at with 'nps.touchpoints' only; name them, or leave"
            + " the days out");
  }

  @Test
  void aliases_and_users_are_in_columns_of_their_own() {
    rejects(
        "identities: {path: p, alias: User}",
        "shop.yaml:3: 'identities.user' is 'user', which is the column of the aliases, too; name the"
            + " column of the users");
  }

  @Test
  void a_required_key_is_not_to_be_left_out() {
    rejects(
        "virality: {invitation: '', joined: a}",
        "shop.yaml:3: 'virality.invitation' is empty text; it must be the activity whose every event"
            + " is an invitation");
  }

  @Test
  void an_abbreviation_is_not_taken_for_a_zone_elsewhere() {
    rejects(
        "timezone: EST",
        "shop.yaml:3: 'timezone' must be a time zone such as Europe/Bucharest or UTC, not 'EST'");
    rejects(
        "timezone: utc",
        "shop.yaml:3: 'timezone' must be a time zone such as Europe/Bucharest or UTC, not 'utc'; did"
            + " you mean 'UTC'?");
  }

  @Test
  void bands_ascend() {
    rejects(
        "churn: {bands: {watch: 0.2, alert: 0.1}}",
        "shop.yaml:3: 'churn.bands.alert' must be at least 0.2, where watch begins, not '0.1'");
    rejects(
        "churn: {bands: {watch: 0.2}}",
        "shop.yaml:3: 'churn.bands.watch' must be at most 0.1, where alert begins, not '0.2'");
  }

  @Test
  void a_projection_is_made_with_rates() {
    rejects(
        "churn: {projection: {rates: [0.05, 5]}}",
        "shop.yaml:3: 'churn.projection.rates.1' must be a number from 0 to 1, not '5'");
    rejects(
        "churn: {projection: {rates: [0.05, 0.050]}}",
        "shop.yaml:3: 'churn.projection.rates.1' is there already; give each rate once");
    rejects(
        "churn: {survival-interval: plain}",
        "shop.yaml:3: 'churn.survival-interval' must be one of log, log-log, not 'plain'");
  }

  @Test
  void long_values_are_shown_short_and_on_one_line() {
    rejects(
        "week-start: |\n  first\n  " + "y".repeat(80),
        "shop.yaml:3: 'week-start' must be one of monday, tuesday, wednesday, thursday, friday,"
            + " saturday, sunday, not 'first "
            + "y".repeat(54)
            + "…'");
  }

  static void rejects(String more, String message) {
    rejectsFile(REQUIRED + more, message);
  }

  private static void rejectsOverride(String override, String message) {
    assertRejects(REQUIRED, List.of(override), "--set " + override + ": " + message);
  }

  private static void rejectsFile(String yaml, String message) {
    assertRejects(yaml, List.of(), message);
  }

  private static void assertRejects(String yaml, List<String> overrides, String message) {
    UserError error =
        catchThrowableOfType(
            UserError.class, () -> ConfigLoader.load(yaml, "shop.yaml", overrides));
    assertThat(error).as(message).isNotNull().hasMessage(message);
    assertThat(error.kind()).isEqualTo(UserError.Kind.USAGE);
  }
}
