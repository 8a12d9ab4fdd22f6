import TestSupport
import Testing
import VCM

@testable import StateTree

/// What the kernel has kept never lies: whatever changed is invalidated before the call that changed it returns.
@Suite struct InvalidationTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func cachesNeverLie(seed: UInt64) throws {
    let shell = try Shell()
    let cache = KernelCache(shell)
    var commands = RandomCommands(seed: seed)
    for step in 0..<160 {
      try cache.lookAtEverything()
      // The clock stands still, as one that ticks slowly does: times must rise all the same.
      let command = commands.next(shell)
      cache.receive(own: command.names)
      let lies = cache.lies()
      #expect(lies.isEmpty, "seed \(seed) step \(step) \(command.text): \(lies.prefix(5))")
      if !lies.isEmpty { return }
    }
    #expect(commands.successes > 30)
    #expect(cache.invalidationCount > 300)
  }

  @Test func nobodyLookedCostsNothing() throws {
    let shell = try Shell()
    let counter = Counter()
    shell.tree.setInvalidationHandler { counter.count += $0.count }
    let vcms = try shell.node("vcms")
    _ = try shell.tree.makeDirectory("out", in: vcms, caller: shell.caller)
    counter.count = 0
    let reserve = try shell.tree.open(shell.node("vcms/out/reserve"), .write, caller: shell.caller)
    counter.count = 0
    for _ in 0..<10 { _ = try shell.put("4K\n", reserve, at: 0) }
    // What the shell looked up on its way to the file is told of once, and then not again.
    #expect(counter.count <= 8)
  }

  /// What changes while a listing with its attributes may be on its way is told of again, until that has arrived.
  @Test func changesThatOvertakeAListing() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    let (out, free) = try (shell.node("vcms/out"), shell.node("vcms/out/free"))
    let counter = Counter()
    func overtakenListings() throws -> [Listing] {
      counter.invalidations = []
      try shell.echo("4K", "vcms/out/reserve")
      return counter.invalidations.compactMap { invalidation -> Listing? in
        guard case .overtakes(free, let listing) = invalidation else { return nil }
        return listing
      }
    }
    func list(wantsAttributes: Bool) throws {
      try shell.tree.readDirectory(out, after: 0, wantsAttributes: wantsAttributes, caller: shell.caller) {
        _ in true
      }
    }
    shell.tree.setInvalidationHandler { counter.invalidations += $0 }
    try list(wantsAttributes: false)
    #expect(try overtakenListings().isEmpty)
    try list(wantsAttributes: true)
    let first = try #require(try overtakenListings().first)
    #expect(first.directory == out)
    // What has arrived is that listing, and not one that was begun since.
    try list(wantsAttributes: true)
    shell.tree.hasArrived(first)
    let second = try #require(try overtakenListings().first)
    try list(wantsAttributes: true)
    shell.tree.hasArrived(second)
    let third = try #require(try overtakenListings().first)
    shell.tree.hasArrived(third)
    _ = try shell.stat("vcms/out/free")
    #expect(try overtakenListings().isEmpty)
    #expect(counter.invalidations.contains(.changed(free)))
  }

  @Test func unrelatedFilesKeepTheirTimes() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    let before = try shell.stat("vcms/out/start")
    let later = Timestamp(seconds: 2_000_000_000)
    shell.clock.now = later
    try shell.echo("4K", "vcms/out/reserve")
    #expect(try shell.stat("vcms/out/start") == before)
    #expect(try shell.stat("vcms/out/free").modified == later)
    #expect(try shell.stat("vcms/out/reservations").modified == later)
    #expect(try shell.stat("vcms/out/reservations/r0").modified == later)
  }

  private final class Counter: @unchecked Sendable {
    // Used from one thread.
    var count = 0
    var invalidations: [Invalidation] = []
  }
}
