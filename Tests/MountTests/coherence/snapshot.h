// What a mount shows at one moment: every file's kind, links, length, blocks, and what is in it.
//
// A snapshot is of one state of the mount. Two of the same state say what in it differs all the same (identities, counts of
// operations); two of neighbouring states say which files depend on what was changed between them.
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

struct snapshot;

// Walks everything below the current directory, the top of a mount, and what no directory lists (`others`, ended by NULL).
struct snapshot *take_snapshot(const char *const *others);

// Marks in `first` what differs in `second`, a snapshot of the same state: it is not compared from now on.
void forgive(struct snapshot *first, const struct snapshot *second);

// The number of files.
long count_files(const struct snapshot *snapshot);

// Which files are not the same in both: their paths, ended by NULL, with their number in `count`. Not freed.
char **differences(const struct snapshot *before, const struct snapshot *after, long *count);

// Looks at a file as someone does who only wants it in the kernel's caches.
void warm(const char *path);

// Compares a file with the snapshot, its attributes also with those that the daemon gives when the kernel has to ask. NULL if
// all is well, else what is wrong.
const char *compare(const struct snapshot *snapshot, const char *path);

// Compares every file, and finds those that should not be there.
const char *compare_all(const struct snapshot *snapshot, const char *const *others);

#endif
