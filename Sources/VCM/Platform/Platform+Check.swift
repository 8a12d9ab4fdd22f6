internal import PageTables
public import PhysicalMemory

extension Platform {
  /// The windows of physical memory that the memory types need, in their order.
  public var windows: [MemoryWindow] {
    let lowest = memoryTypes.map(\.base).min() ?? 0
    return memoryTypes.map {
      MemoryWindow(base: $0.base, size: $0.size, fileOffset: $0.fileOffset ?? ($0.base - lowest))
    }
  }

  /// Refuses a platform that cannot be.
  ///
  /// - Throws: `invalidArgument` (EINVAL) or another code that fits, with a sentence that says which value is
  ///   wrong.
  public func check() throws(VCMError) {
    guard !memoryTypes.isEmpty else { throw VCMError(.invalidArgument, "the platform has no memory") }
    for type in memoryTypes { try type.check() }
    for (index, type) in memoryTypes.enumerated() {
      for other in memoryTypes[..<index] {
        guard !type.name.utf8.elementsEqual(other.name.utf8) else {
          throw VCMError(.nameTaken, "the memory type '\(type.name)' is declared twice")
        }
        guard type.base > other.base + (other.size - 1) || other.base > type.base + (type.size - 1) else {
          throw VCMError(
            .invalidArgument,
            "memory type '\(type.name)' at \(hex(type.base)) overlaps '\(other.name)' at \(hex(other.base))")
        }
      }
    }
    try checkDevices()
  }

  private func checkDevices() throws(VCMError) {
    for (index, device) in devices.enumerated() {
      try ObjectName.check(device.name)
      guard !devices[..<index].contains(where: { $0.name.utf8.elementsEqual(device.name.utf8) }) else {
        throw VCMError(.nameTaken, "the device '\(device.name)' is declared twice")
      }
      if let format = device.format { _ = try FormatRegistry.entry(named: format) }
      if let window = device.window {
        guard AddressRange(first: window.base, length: window.size) != nil else {
          throw VCMError(
            .invalidArgument,
            "the window of device '\(device.name)', \(window.size) bytes at \(hex(window.base)), "
              + "is empty or passes the end of the address space")
        }
      }
    }
  }
}

extension MemoryTypeDescription {
  /// Refuses a memory type that cannot be.
  func check() throws(VCMError) {
    try ObjectName.check(name)
    guard base % 4096 == 0 else {
      throw VCMError(.misaligned, "the base \(hex(base)) of memory type '\(name)' is not a multiple of 4096")
    }
    guard size > 0, size % 4096 == 0, size <= 1 << 48 else {
      throw VCMError(
        .invalidLength,
        "the size \(size) of memory type '\(name)' is not a multiple of 4096 from 4096 to 2^48")
    }
    guard AddressRange(first: base, length: size) != nil else {
      throw VCMError(
        .invalidLength,
        "memory type '\(name)', \(size) bytes at \(hex(base)), passes the end of the address space")
    }
    guard !chunkSizes.isEmpty else {
      throw VCMError(.invalidArgument, "memory type '\(name)' has no chunk sizes")
    }
    for size in chunkSizes where size.nonzeroBitCount != 1 || size < 4096 || size > 1 << 30 {
      throw VCMError(
        .invalidArgument,
        "the chunk size \(size) of memory type '\(name)' is not a power of two from 4096 to 1G")
    }
  }
}

extension FormatRegistry {
  /// The format with this name.
  ///
  /// - Throws: `noSuchFormat` (EINVAL) with the names that there are.
  static func entry(named name: String) throws(VCMError) -> any FormatEntry {
    if let entry = named(name) { return entry }
    let names = all.map(\.description.name).joined(separator: " ")
    throw VCMError(
      .noSuchFormat, "there is no format '\(ObjectName.printable(name))'; the formats are \(names)")
  }
}
