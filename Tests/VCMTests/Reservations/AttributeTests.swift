import PageTables
import Testing

@testable import VCM

@Suite("Attributes")
struct AttributeTests {
  @Test("reservation attributes have the bits of vcm.h")
  func reservationBits() {
    #expect(ReservationAttributes().rawValue == 1 << 9 | 1 << 8 | 1 << 6)
    let all = ReservationAttributes(
      access: [.read, .write, .execute], cache: .writeThrough, privilege: .supervisor, isSecure: true)
    #expect(all.rawValue == 0b11_1010_0000 | 1 << 4 | 3)
    #expect(ReservationAttributes(rawValue: all.rawValue) == all)
    #expect(all.access == [.read, .write, .execute] && all.cache == .writeThrough)
    #expect(all.privilege == .supervisor && all.isSecure)
    #expect(ReservationAttributes(rawValue: 0) == nil)
    #expect(ReservationAttributes(rawValue: 1 << 6 | 4) == nil)
    #expect(ReservationAttributes(rawValue: 1 << 6 | 1 << 5) == nil)
    #expect(ReservationAttributes(rawValue: 1 << 6 | 1 << 10) == nil)
  }

  @Test("association attributes have the bits of vcm.h")
  func associationBits() {
    #expect(AssociationAttributes().rawValue == 4)
    #expect(AssociationAttributes(base: .high, split: 7).rawValue == 2 | 7 << 3)
    #expect(AssociationAttributes(rawValue: 2 | 7 << 3) == AssociationAttributes(base: .high, split: 7))
    #expect(AssociationAttributes(rawValue: 6) == nil && AssociationAttributes(rawValue: 1) == nil)
  }

  @Test("vcm_set_res_attr on a live, backed reservation rewrites every table")
  func live() throws {
    let bench = try Bench()
    let region = try bench.region(devices: ["video_dec"])
    let (reservation, buffer) = try bench.backed(1 << 20, in: region)
    let readOnly = ReservationAttributes(access: [.read], cache: .writeThrough)
    try bench.engine.setAttributes(readOnly, of: reservation)
    #expect(reservation.attributes == readOnly)
    let table = try #require(region.associations.first?.table)
    guard case .mapped(let output, _, let attributes) = table.translate(reservation.address) else {
      Issue.record("not mapped")
      return
    }
    #expect(output == buffer.chunk(at: 0)?.address)
    #expect(!attributes.access.contains(.write) && attributes.access.contains(.read))
    bench.expectSound()
  }

  @Test("what an associated format cannot express is EINVAL, by name, before and after")
  func notExpressible() throws {
    let bench = try Bench()
    let region = try bench.region(devices: ["display"])
    let readOnly = ReservationAttributes(access: [.read])
    expectFailure(.notExpressible, 22, naming: "omap-iommu") { () throws(VCMError) in
      try bench.engine.reserve(ReservationRequest(length: 4096, attributes: readOnly), in: region)
    }
    let reservation = try bench.engine.reserve(ReservationRequest(length: 4096), in: region)
    expectFailure(.notExpressible, 22, naming: "omap-iommu") { () throws(VCMError) in
      try bench.engine.setAttributes(readOnly, of: reservation)
    }
    #expect(reservation.attributes == ReservationAttributes())
    let other = try bench.region("other")
    try bench.engine.reserve(ReservationRequest(length: 4096, attributes: readOnly), in: other)
    let display = try bench.device("display")
    expectFailure(.notExpressible, 22, naming: "omap-iommu") { () throws(VCMError) in
      try bench.engine.associate(other, with: display)
    }
    #expect(other.associations.isEmpty)
    bench.expectSound()
  }

  @Test("a device that fails to take new attributes leaves the old ones everywhere")
  func failureHalfWay() throws {
    let model = FailingModel()
    let platform = Platform.small
    let memory = try Engine(platform: platform).memory
    var isFirst = true
    let engine = try Engine(platform: platform, memory: memory) { kind in
      defer { isFirst = false }
      return isFirst ? model : kind.makeModel()
    }
    let region = try engine.createRegion(named: "out")
    let devices = try ["video", "server"].map { try #require(engine.device(named: $0)) }
    for device in devices { try engine.associate(region, with: device) }
    try engine.setActive(true, of: region)
    let reservation = try engine.reserve(ReservationRequest(length: 8192), in: region)
    let buffer = try engine.allocate(PhysicalRequest(length: 8192))
    try engine.back(reservation, with: buffer)
    model.failsToChange = true
    expectFailure(.hardwareFailure, 5) { () throws(VCMError) in
      try engine.setAttributes(ReservationAttributes(access: [.read]), of: reservation)
    }
    for association in region.associations {
      guard case .mapped(_, _, let attributes)? = association.table?.translate(reservation.address) else {
        Issue.record("not mapped")
        continue
      }
      #expect(attributes.access.contains(.write))
    }
    #expect(engine.checkInvariants() == [])
  }

  @Test("the alignment of a reservation is what its address has")
  func alignment() throws {
    let bench = try Bench()
    let region = try bench.region()
    let reservation = try bench.engine.reserve(ReservationRequest(length: 4096, at: 0x10000), in: region)
    try bench.engine.setAlignment(0x10000, of: reservation)
    #expect(reservation.alignment == 0x10000)
    for alignment: UInt64 in [0x20000, 0x3000, 2048, 0] {
      expectFailure(.misaligned, 22) { () throws(VCMError) in
        try bench.engine.setAlignment(alignment, of: reservation)
      }
    }
  }
}
