extension FormatRegistry {
  /// Every format, in the order of docs/FORMATS.md.
  public static let all: [any FormatEntry] = [
    RegisteredFormat(MSMSMMU()),
    RegisteredFormat(OMAPIOMMU()),
    RegisteredFormat(Sun3MMU()),
    RegisteredFormat(Sun3xIOMMU()),
    RegisteredFormat(AlphaScatterGather()),
    RegisteredFormat(PASemiIOB()),
    RegisteredFormat(PowerTCE()),
    RegisteredFormat(PowerTCEIODA()),
    RegisteredFormat(AppleU4DART()),
    RegisteredFormat(CellIOC()),
    RegisteredFormat(Sun4mIOMMU()),
    RegisteredFormat(Sun4uIOMMU()),
    RegisteredFormat(Sun4vIOMMU()),
    RegisteredFormat(HPZX1()),
    RegisteredFormat(HPAstro()),
    RegisteredFormat(HPU2()),
    RegisteredFormat(AMDv1()),
    RegisteredFormat(IntelVTd()),
    RegisteredFormat(ARMv7Short()),
    RegisteredFormat(X86Long()),
    RegisteredFormat(X86LongLA57()),
    RegisteredFormat(X86PAE()),
    RegisteredFormat(X86Classic()),
  ]
}
