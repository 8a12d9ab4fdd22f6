import Testing

/// Everything that needs a real mount: one after the other, as each has threads of its own.
@Suite(.serialized, .needsFUSE, .timeLimit(.minutes(1)))
enum MountedSuites {}
