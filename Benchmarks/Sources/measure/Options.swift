import Measuring

/// The command line.
struct Options {
  var nullFilesystem = ""
  var vcmfs = ""
  var work = ""
  var thresholds = ""
  var json = ""
  /// Only rows whose name has this word; empty: all.
  var only = ""
  /// What is loaded into a program under valgrind, so that it can mount (probe.c); empty: nothing is counted.
  var probe = ""
  /// The file into which callgrind counts what the filesystems execute; empty: they run without it.
  var counts = ""
  /// How many pairs a row is measured, and how long each of a pair.
  var repetitions = 15
  var seconds = 0.1

  init(_ words: [String]) throws {
    var words = words[...]
    while let word = words.popFirst() {
      if word == "--quick" {
        (repetitions, seconds) = (7, 0.03)
        continue
      }
      guard let value = words.popFirst() else { throw Failure("\(word) needs a value") }
      switch word {
      case "--null-filesystem": nullFilesystem = value
      case "--vcmfs": vcmfs = value
      case "--work": work = value
      case "--thresholds": thresholds = value
      case "--json": json = value
      case "--only": only = value
      case "--probe": probe = value
      default: throw Failure("there is no option \(word)")
      }
    }
  }
}
