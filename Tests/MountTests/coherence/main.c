// coherence: one process changes objects, another reads at once every file that depends on them, and must never see what was
// before the change returned.
//
// Which files depend on a change is not written down but found out: those that differ between snapshots of the whole mount
// before and after it. In each round the reader looks at all of these before the change, so that the kernel keeps what it may,
// and after it; every file must then be as in the snapshot, and its attributes those that the daemon gives when the kernel is
// made to ask. Each change has a few claims in words besides, in case a snapshot should be wrong. Every 1,000 rounds all files
// of the mount are compared.
//
// coherence CHANGES, in the top directory of a mount with the built-in platform. It makes regions, buffers and what it needs,
// and takes them away again. Status 0: nothing old was ever seen. Status 1: the first old thing, on standard error.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "changes.h"
#include "snapshot.h"

// The other process: makes the change whose number comes, and says when it has been made.
static void serve(int orders, int answers) {
  for (int order; read(orders, &order, sizeof order) == sizeof order;) {
    const struct change *change = &changes[order / 2];
    if (order % 2 == 0) change->make();
    else change->unmake();
    need(write(answers, &order, sizeof order) == sizeof order, "pipe");
  }
  exit(0);
}

// The states that a turn goes through, each with what depends on the change that leads to it.
static struct state {
  struct snapshot *snapshot;
  char **dependents;
  long count;
} *states;

// Has the other process make the change of a round.
static void order(int number, int orders, int answers) {
  int done;
  need(write(orders, &number, sizeof number) == sizeof number, "pipe");
  if (read(answers, &done, sizeof done) != sizeof done) fail("%s could not be done", changes[number / 2].name);
}

// Goes through all states twice, and finds out what they are and what depends on each change.
static void learn(int orders, int answers) {
  for (int turn = 0; turn < 2; turn++)
    for (int number = 0; number < 2 * change_count; number++) {
      order(number, orders, answers);
      changes[number / 2].look(number % 2 == 0);
      struct snapshot *snapshot = take_snapshot(unlisted);
      if (turn == 0) states[number].snapshot = snapshot;
      else forgive(states[number].snapshot, snapshot);
    }
  for (int number = 0; number < 2 * change_count; number++) {
    struct state *before = &states[(number + 2 * change_count - 1) % (2 * change_count)], *state = &states[number];
    state->dependents = differences(before->snapshot, state->snapshot, &state->count);
    if (!getenv("COHERENCE_SHOW")) continue;
    printf("%s%s: %ld of %ld files\n", number % 2 ? "not " : "", changes[number / 2].name, state->count,
           count_files(state->snapshot));
    for (char **path = state->dependents; *path; path++) printf("  %s\n", *path);
  }
}

int main(int count, char **words) {
  if (count != 2) {
    fputs("use: coherence CHANGES\n", stderr);
    return 2;
  }
  // Whole turns, after which everything is as it was.
  long turns = strtol(words[1], NULL, 0) / (2 * change_count) + 1, rounds = turns * 2 * change_count;
  states = calloc(2 * change_count, sizeof *states);
  need(states != NULL, "memory");
  prepare();
  int orders[2], answers[2];
  need(pipe(orders) == 0 && pipe(answers) == 0, "pipe");
  pid_t child = fork();
  need(child >= 0, "fork");
  if (child == 0) {
    close(orders[1]);
    close(answers[0]);
    serve(orders[0], answers[1]);
  }
  close(orders[0]);
  close(answers[1]);
  learn(orders[1], answers[0]);
  for (round_number = 0; round_number < rounds; round_number++) {
    int number = (int)(round_number % (2 * change_count));
    const struct change *change = &changes[number / 2];
    const struct state *state = &states[number];
    // What is seen before the change is what the kernel may have kept.
    change->look(number % 2 != 0);
    for (char **path = state->dependents; *path; path++) warm(*path);
    order(number, orders[1], answers[0]);
    const char *wrong = NULL;
    for (char **path = state->dependents; *path && !wrong; path++) wrong = compare(state->snapshot, *path);
    if (!wrong && round_number % 1000 == 999) wrong = compare_all(state->snapshot, unlisted);
    if (wrong) fail("%s%s: %s", number % 2 ? "not " : "", change->name, wrong);
    change->look(number % 2 == 0);
  }
  close(orders[1]);
  int status;
  waitpid(child, &status, 0);
  clean();
  return status == 0 ? 0 : 1;
}
