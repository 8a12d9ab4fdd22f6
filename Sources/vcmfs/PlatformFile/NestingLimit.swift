/// A guard in front of the YAML parser, which descends into lists and mappings by recursion.
///
/// A platform is three levels deep. A text that opens a hundred thousand brackets would use up the stack, so texts
/// that could nest deeper than ``depth`` are refused before they are parsed.
enum NestingLimit {
  /// The deepest nesting that is let through.
  static let depth = 64

  /// A text nests too deep.
  struct Exceeded: Error {
    /// The line where the limit is passed.
    let line: Int
  }

  /// Counts what can nest: open brackets, columns of indentation, and `- - -` on one line.
  ///
  /// - Throws: ``Exceeded``. Quoted brackets count too: a name with 64 of them is no loss.
  /// - Complexity: O(length).
  static func check(_ text: String) throws(Exceeded) {
    var open = 0
    var line = 1
    var indentation = 0
    var dashes = 0
    var isAtStart = true
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\n"):
        (line, indentation, dashes, isAtStart) = (line + 1, 0, 0, true)
        continue
      case UInt8(ascii: " "): indentation += isAtStart ? 1 : 0
      case UInt8(ascii: "-"), UInt8(ascii: "?"): dashes += 1
      case UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(0, open - 1)
      default: break
      }
      isAtStart = isAtStart && byte == UInt8(ascii: " ")
      guard open <= depth, dashes <= 4 * depth, !isAtStart || indentation <= 8 * depth else {
        throw Exceeded(line: line)
      }
    }
  }
}
