import PageTables
import Testing

@testable import VCM

@Suite("Platforms and errors")
struct PlatformTests {
  private func expect(
    _ code: VCMError.Code, _ word: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout Platform) -> Void
  ) {
    var platform = Platform.default
    change(&platform)
    let error = failure { () throws(VCMError) in _ = try Engine(platform: platform) }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    #expect(
      error?.sentence.contains(word) == true, "\(String(describing: error))", sourceLocation: sourceLocation)
  }

  @Test("what cannot be is refused, and the sentence says which value it is")
  func refused() {
    expect(.invalidArgument, "no memory") { $0.memoryTypes = [] }
    expect(.misaligned, "0x80000001") { $0.memoryTypes[0].base = 0x8000_0001 }
    expect(.invalidLength, "mt0") { $0.memoryTypes[0].size = 0 }
    expect(.invalidLength, "passes the end") { $0.memoryTypes[0].base = .max - 0xfff }
    expect(.invalidArgument, "overlaps") { $0.memoryTypes[1].base = 0x8fff_f000 }
    expect(.nameTaken, "mt0") { $0.memoryTypes[1].name = "mt0" }
    expect(.invalidArgument, "12288") { $0.memoryTypes[0].chunkSizes = [12288] }
    expect(.invalidArgument, "chunk sizes") { $0.memoryTypes[0].chunkSizes = [] }
    expect(.noSuchFormat, "nonsense") { $0.devices[0].format = "nonsense" }
    expect(.nameTaken, "display") { $0.devices[0].name = "display" }
    expect(.invalidName, "slash") { $0.devices[0].name = "a/b" }
    expect(.invalidArgument, "window") { $0.devices[0].window = DeviceWindow(base: 0, size: 0) }
  }

  @Test("without a pool marked for tables the last one holds them")
  func tablesInLastPool() throws {
    var platform = Platform.default
    platform.memoryTypes.removeLast()
    let bench = try Bench(platform)
    let region = try bench.region(devices: ["video_dec"])
    let root = try #require(region.associations.first?.table?.root.tableAddress)
    #expect(root >> 28 == 9)
    bench.expectSound()
  }

  @Test("every code has an error number and its name")
  func codes() {
    #expect(VCMError.Code.allCases.count > 40)
    for code in VCMError.Code.allCases {
      #expect(
        code.errno > 0 && code.symbol.first == "E" && code.symbol.allSatisfy { $0.isUppercase || $0.isNumber }
      )
    }
    let error = VCMError(.addressTaken, "something is there")
    #expect(error.errno == 98 && "\(error)" == "EADDRINUSE: something is there")
  }
}
