extension FormatRegistry {
  /// Every format, in the order of docs/FORMATS.md.
  public static let all: [any FormatEntry] = [
    RegisteredFormat(MSMSMMU()),
    RegisteredFormat(OMAPIOMMU()),
    RegisteredFormat(ARMv7Short()),
    RegisteredFormat(IntelVTd()),
    RegisteredFormat(X86Long()),
  ]
}
