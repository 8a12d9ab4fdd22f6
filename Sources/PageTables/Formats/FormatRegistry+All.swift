extension FormatRegistry {
  /// Every format, in the order of docs/FORMATS.md.
  public static let all: [any FormatEntry] = []
}
