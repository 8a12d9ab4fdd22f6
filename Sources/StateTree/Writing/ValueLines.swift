internal import VCM

/// The lines of one write to a file that holds a value.
enum ValueLines {
  /// Gives the values to `take`, one after the other.
  ///
  /// - Parameters:
  ///   - name: the file's name, for the sentences.
  ///   - before: says the value that the file holds, which is put back if a later line fails; nil of a file without one.
  ///   - take: takes a value.
  /// - Throws: `EINVAL` if there is no value; what `take` throws.
  static func take(
    _ lines: [Substring], of name: String, before: () throws(VCMError) -> String?,
    _ take: (Substring) throws(VCMError) -> Void
  ) throws(VCMError) {
    // With one line there is nothing to put back.
    let before = lines.count > 1 ? try before() : nil
    var hasTaken = false
    for line in lines {
      let value = RequestText.trimmed(line)
      if value.isEmpty { continue }
      do throws(VCMError) {
        try take(value)
      } catch {
        if hasTaken, let before { try? take(Substring(before)) }
        throw error
      }
      hasTaken = true
    }
    guard hasTaken else { throw .invalid("\(name) needs a value") }
  }
}
