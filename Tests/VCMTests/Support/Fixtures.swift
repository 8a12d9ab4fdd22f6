import PageTables
import PhysicalMemory
import Testing

@testable import VCM

/// The error that a call throws.
func failure(_ body: () throws(VCMError) -> Void) -> VCMError? {
  do {
    try body()
    return nil
  } catch {
    return error
  }
}

/// Expects a call to fail with a code, an errno, and a sentence that names something.
func expectFailure(
  _ code: VCMError.Code, _ errno: Int32, naming words: String...,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws(VCMError) -> Void
) {
  guard let error = failure(body) else {
    Issue.record("nothing was thrown, \(code) expected", sourceLocation: sourceLocation)
    return
  }
  #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
  #expect(error.errno == errno, "\(error)", sourceLocation: sourceLocation)
  for word in words {
    #expect(error.sentence.contains(word), "\(error.sentence)", sourceLocation: sourceLocation)
  }
}

extension Platform {
  /// Little memory: 1 MiB for buffers, 256 KiB contiguous, 64 KiB for tables.
  static let small = Platform(
    name: "small",
    memoryTypes: [
      MemoryTypeDescription(name: "mt0", base: 0x8000_0000, size: 1 << 20, chunkSizes: [1 << 16, 1 << 12]),
      MemoryTypeDescription(name: "mt1", base: 0x8010_0000, size: 1 << 18, isContiguous: true),
      MemoryTypeDescription(name: "tables", base: 0x8014_0000, size: 1 << 16, holdsTables: true),
    ],
    devices: [
      DeviceDescription(name: "video", kind: .iommu, format: "msm-smmu"),
      DeviceDescription(name: "display", kind: .iommu, format: "omap-iommu"),
      DeviceDescription(name: "server", kind: .iommu, format: "intel-vtd"),
      DeviceDescription(name: "dma", kind: .oneToOne),
      DeviceDescription(name: "cpu0", kind: .cpu, format: "arm-v7s"),
    ])
}

/// An engine, and what most tests need of it.
struct Bench {
  let engine: Engine

  init(_ platform: Platform = .default) throws {
    engine = try Engine(platform: platform)
  }

  func device(_ name: String) throws -> Device { try #require(engine.device(named: name)) }

  /// A region of 128 MiB at 0x1000, associated with devices; active if wanted.
  func region(_ name: String = "out", devices: [String] = [], active: Bool = true) throws -> Region {
    let region = try engine.createRegion(named: name, start: 0x1000, length: 128 << 20)
    for device in devices { try engine.associate(region, with: try self.device(device)) }
    if active, !devices.isEmpty { try engine.setActive(true, of: region) }
    return region
  }

  /// A reservation backed by a buffer of its own of the same length.
  func backed(
    _ length: UInt64 = 1 << 16, in region: Region, attributes: ReservationAttributes = ReservationAttributes()
  ) throws -> (Reservation, PhysicalAllocation) {
    let reservation = try engine.reserve(
      ReservationRequest(length: length, attributes: attributes), in: region)
    let buffer = try engine.allocate(PhysicalRequest(length: length))
    try engine.back(reservation, with: buffer)
    return (reservation, buffer)
  }

  /// Expects that nothing in the engine contradicts itself.
  func expectSound(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(engine.checkInvariants() == [], comment, sourceLocation: sourceLocation)
  }
}

/// A device model that fails when it is told to.
final class FailingModel: DeviceModel {
  var failsToActivate = false
  var failsToMap = false
  var failsToChange = false
  private(set) var mapped: [UInt64] = []
  private(set) var isReset = false

  let hardwareVersion = "test"
  let walksTables = true
  let seesPhysicalAddresses = false

  func check(_ activation: Association, beside active: [Association]) throws(VCMError) {}

  func activate(_ association: Association, root: RootDescription?) throws(VCMError) {
    if failsToActivate { throw VCMError(.hardwareFailure, "the hardware does not answer") }
  }

  func deactivate(_ association: Association) {}

  func map(_ mapping: DeviceMapping, in association: Association) throws(VCMError) {
    if failsToMap { throw VCMError(.hardwareFailure, "the hardware does not answer") }
    mapped.append(mapping.deviceAddress)
  }

  func unmap(_ mapping: DeviceMapping, in association: Association) {
    mapped.removeAll { $0 == mapping.deviceAddress }
  }

  func changeAttributes(_ mapping: DeviceMapping, in association: Association) throws(VCMError) {
    if failsToChange { throw VCMError(.hardwareFailure, "the hardware does not answer") }
  }

  func reset() { isReset = true }
}

/// Remembers every change.
final class Recorder: ChangeObserver {
  var changes: [Change] = []

  func engineDidChange(_ change: Change) { changes.append(change) }

  /// Kinds and objects of what happened since the last call.
  func take() -> [String] {
    defer { changes = [] }
    return changes.map { "\($0.kind) \($0.object.kind)" }
  }
}
