#ifndef CHANGES_H
#define CHANGES_H

// What one change is, and what has to be so when it has been done and when it has been undone.
struct change {
  const char *name;
  void (*make)(void), (*unmake)(void);
  void (*look)(int made);
};

extern const struct change changes[];
extern const int change_count;

// What is looked up by path and listed nowhere; ended by NULL.
extern const char *const unlisted[];

// Makes what the changes need, and takes it away again.
void prepare(void);
void clean(void);

// The round that runs, for messages.
extern long round_number;

// Ends the program with a sentence; the second does so, with that of errno, unless something was done.
void fail(const char *format, ...);
void need(int done, const char *what);

#endif
