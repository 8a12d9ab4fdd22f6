internal import VCM

/// The lines of one write to a file that holds a value.
enum ValueLines {
  /// Gives the values to `take`, one after the other.
  ///
  /// - Parameters:
  ///   - name: the file's name, for the sentences.
  ///   - before: the value that the file holds, which is put back if a later line fails; nil of a file without one.
  /// - Throws: `EINVAL` if there is no value; what `take` throws.
  static func take(
    _ lines: [Substring], of name: String, before: String?, _ take: (Substring) throws(VCMError) -> Void
  ) throws(VCMError) {
    let values = lines.map(RequestText.trimmed).filter { !$0.isEmpty }
    guard !values.isEmpty else { throw .invalid("\(name) needs a value") }
    for (index, value) in values.enumerated() {
      do throws(VCMError) {
        try take(value)
      } catch {
        if index > 0, let before { try? take(Substring(before)) }
        throw error
      }
    }
  }
}
