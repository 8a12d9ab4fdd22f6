import Measuring

/// The command line.
struct Options {
  var thresholds = ""
  var json = ""
  /// Only rows whose name has this word; empty: all.
  var only = ""
  /// How many turns a row is measured.
  var repetitions = 31
  /// What instructions were counted, in the form that `--counting` prints; empty: none.
  var instructions = ""
  /// Whether every side's body is done once, for callgrind, and nothing is measured.
  var isCounting = false

  init(_ words: [String]) throws {
    var words = words[...]
    while let word = words.popFirst() {
      if word == "--quick" {
        repetitions = 9
        continue
      }
      if word == "--counting" {
        isCounting = true
        continue
      }
      guard let value = words.popFirst() else { throw Failure("\(word) needs a value") }
      switch word {
      case "--thresholds": thresholds = value
      case "--json": json = value
      case "--only": only = value
      case "--instructions": instructions = value
      default: throw Failure("there is no option \(word)")
      }
    }
  }
}
