package io.tenure.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;

class AliasesTest {
  /** Rows {@code alias user}. */
  private static Aliases aliases(String... rows) {
    Aliases.Builder builder = new Aliases.Builder("people/");
    for (String row : rows) {
      String[] ids = row.split(" ");
      builder.add(ids[0], ids[1]);
    }
    return builder.build();
  }

  private static void assertRefused(String error, String... rows) {
    assertThatThrownBy(() -> aliases(rows))
        .isInstanceOf(UserError.class)
        .hasMessage("Cannot use the identities in people/: " + error)
        .extracting(thrown -> ((UserError) thrown).kind())
        .isEqualTo(UserError.Kind.INPUT);
  }

  @Test
  void an_alias_stands_for_the_last_of_its_chain_and_any_other_id_for_itself() {
    Aliases aliases = aliases("a b", "b c", "x c", "c c", "a b");
    assertThat(List.of("a", "b", "c", "x", "y"))
        .map(aliases::user)
        .containsExactly("c", "c", "c", "c", "y");
    assertThat(aliases.size()).isEqualTo(3);
    assertThat(aliases.allIds(List.of("x", "y"))).containsExactly("a", "b", "c", "x", "y");
    assertThat(Aliases.NONE.user(null)).isNull();
  }

  @Test
  void an_alias_of_two_users_is_refused_whichever_comes_first() {
    String error = "alias 'a' stands for two users, 'ann' and 'bob'. Keep one.";
    assertRefused(error, "a ann", "x y", "a bob");
    assertRefused(error, "a bob", "a ann");
  }

  @Test
  void a_circle_is_refused_and_shown() {
    String error =
        "aliases stand for one another in a circle, 'a' → 'b' → 'c' → 'a'. Remove one of these"
            + " rows.";
    assertRefused(error, "c a", "a b", "b c", "into b");
    assertRefused(error, "into b", "b c", "c a", "a b");
  }

  @Test
  void rows_without_alias_or_user_are_refused() {
    String remedy = ". Remove rows without either.";
    Aliases.Builder builder = new Aliases.Builder("people/");
    assertThatThrownBy(() -> builder.add(null, "ann"))
        .hasMessage(
            "Cannot use the identities in people/: alias NULL stands for user 'ann'" + remedy);
    assertThatThrownBy(() -> builder.add("a", " "))
        .hasMessage("Cannot use the identities in people/: alias 'a' stands for user ' '" + remedy);
  }

  @Test
  void the_fingerprint_is_of_who_stands_for_whom_and_not_of_how_it_is_said() {
    String fingerprint = aliases("a c", "b c").fingerprint();
    assertThat(aliases("b c", "a b", "c c").fingerprint()).isEqualTo(fingerprint);
    assertThat(aliases("a c").fingerprint()).isNotEqualTo(fingerprint);
    assertThat(aliases("a c", "b d").fingerprint()).isNotEqualTo(fingerprint);
    assertThat(aliases("c c").fingerprint()).isNull();
  }
}
