internal import PhysicalMemory

/// A format's entry in the registry.
final class RegisteredFormat<Format: PageTableFormat>: FormatEntry {
  /// The format as it is without any choice made.
  let description: FormatDescription
  /// Makes a table by code that is compiled for this one format.
  ///
  /// A closure, because it is made where the format's type is known. A conformance of a generic type serves all its types by
  /// the same, much slower, code.
  private let make: @Sendable (TableConfiguration, any TableMemory) throws(PageTableError) -> any PageTable

  /// The entry of a format whose default configuration is valid.
  init(_ format: Format) {
    description = format.description
    make = { (configuration, tableMemory) throws(PageTableError) in
      try Format.makeTable(configuration, tableMemory)
    }
  }

  func description(for configuration: TableConfiguration) throws(PageTableError) -> FormatDescription {
    try Format(configuration).description
  }

  func smallestPageSize(for configuration: TableConfiguration) throws(PageTableError) -> UInt64 {
    1 << UInt64(try Format(configuration).pageShift)
  }

  func configuration(
    _ configuration: TableConfiguration, reaching lastDeviceAddress: UInt64
  ) -> TableConfiguration {
    Format.configuration(configuration, reaching: lastDeviceAddress)
  }

  func check(_ attributes: MappingAttributes, configuration: TableConfiguration) throws(PageTableError) {
    _ = try Format(configuration).leafAttributes(for: attributes)
  }

  func checkRange(
    start: UInt64, length: UInt64, configuration: TableConfiguration
  ) throws(PageTableError) {
    try Format(configuration).checkRange(start, length)
  }

  func makeTable(
    configuration: TableConfiguration, tableMemory: any TableMemory
  ) throws(PageTableError) -> any PageTable {
    try make(configuration, tableMemory)
  }

  func decode(
    _ memory: PhysicalMemory, rootAddress: UInt64, configuration: TableConfiguration,
    options: DecodingOptions
  ) throws(PageTableError) -> DecodedTable {
    var format = try Format(configuration)
    if let spare = options.sparePage { try format.adopt(sparePage: spare) }
    let snapshot = try format.decode(memory, rootAddress, options)
    return DecodedTable(
      encoding: format, snapshot: snapshot, rootAddress: rootAddress, configuration: configuration,
      options: options)
  }
}

extension PageTableFormat {
  /// Refuses a range that tables of this configuration do not translate.
  ///
  /// Its ends need not be whole pages.
  func checkRange(_ start: UInt64, _ length: UInt64) throws(PageTableError) {
    let (last, overflow) = start.addingReportingOverflow(length &- 1)
    guard length > 0, !overflow else { throw .badRange(start: start, length: length) }
    for address in [start, last] where tableOffset(of: address) == nil { throw inputError(address) }
    guard let first = tableOffset(of: start), let end = tableOffset(of: last), end >= first,
      end - first == length - 1
    else { throw inputError(last) }
  }

  /// The error that says why a device address is not translated.
  func inputError(_ deviceAddress: UInt64) -> PageTableError {
    switch inputFault(deviceAddress) {
    case .inputTooWide: .inputTooWide(deviceAddress: deviceAddress, bits: inputBits)
    default: .outsideWindow(deviceAddress: deviceAddress)
    }
  }
}
