import TestSupport
import VCM

@testable import StateTree

/// Random commands of a person at a tree, good and bad ones.
struct RandomCommands {
  private var random: SeededRandom
  /// How many commands did not fail.
  private(set) var successes = 0

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
  }

  /// What was done, and the names that the request itself was about.
  struct Command {
    var text: String
    var names: [KernelCache.Name] = []
  }

  /// Does one command.
  mutating func next(_ shell: Shell) -> Command {
    let region = "vcms/" + pick(["out", "in", "kernel"])
    let device = pick(["video_dec", "display", "dma", "cpu0", "gpu"])
    let buffer = pick(["b0", "b1", "buf"])
    let reservation = region + "/reservations/" + pick(["r0", "r1", "r2", "res"])
    switch Int.random(in: 0..<27, using: &random) {
    case 0, 1: return run("mkdir", region, shell) { s, p throws(VCMError) in try s.mkdir(p) }
    case 2: return run("rmdir", region, shell) { s, p throws(VCMError) in try s.rmdir(p) }
    case 3:
      return run("ln", "\(region)/devices/\(device)", shell) { s, p throws(VCMError) in
        try s.ln("devices/\(device)", p)
      }
    case 4: return run("rm", "\(region)/devices/\(device)", shell) { s, p throws(VCMError) in try s.rm(p) }
    case 5:
      return run("rmdir", "\(region)/associations/\(device)", shell) { s, p throws(VCMError) in try s.rmdir(p)
      }
    case 6, 7: return write(pick(["1", "0"]), "\(region)/active", shell)
    case 8: return write(pick(["1", "0"]), "\(region)/associations/\(device)/active", shell)
    case 9, 10, 11:
      let text = pick(["64K", "1M align=1M", "4K\n8K name=res", "16K prot=r", "3K", "1G", "12K at=0x40000"])
      return write(text, "\(region)/reserve", shell)
    case 12, 13:
      let text = pick([
        "64K", "1M", "16K blocks=4K name=buf", "2M contiguous", "4K\n4K", "1K", "64K at=0x90000000",
      ])
      return write(text, "phys/alloc", shell)
    case 14, 15, 16:
      return run("ln", "\(reservation)/backing", shell) { s, p throws(VCMError) in
        try s.ln("/m/phys/\(buffer)", p)
      }
    case 17: return run("rm", "\(reservation)/backing", shell) { s, p throws(VCMError) in try s.rm(p) }
    case 18: return run("rmdir", reservation, shell) { s, p throws(VCMError) in try s.rmdir(p) }
    case 19: return run("rmdir", "phys/\(buffer)", shell) { s, p throws(VCMError) in try s.rmdir(p) }
    case 20:
      let text = pick(["prot=r", "prot=rwx cache=wb-wa", "0x340", "prot=q", "supervisor"])
      return write(text, "\(reservation)/attr", shell)
    case 21: return rename(shell, region: region, device: device, buffer: buffer, reservation: reservation)
    case 22:
      let path = region + pick(["/start", "/len", "/type"])
      return write(pick(["0x10000", "64M", "kernel", "device", "user", "7"]), path, shell)
    case 23: return write(pick(["64K", "1M name=res buffer=buf", "3K", "4K prot=r"]), "\(region)/map", shell)
    case 24:
      let bound = region + "/bounds/" + pick(["low", "high"])
      switch Int.random(in: 0..<5, using: &random) {
      case 0, 1: return run("mkdir", bound, shell) { s, p throws(VCMError) in try s.mkdir(p) }
      case 2: return run("rmdir", bound, shell) { s, p throws(VCMError) in try s.rmdir(p) }
      case 3: return write(pick(["1M", "64K", "0"]), bound + "/len", shell)
      default: return write("4K", bound + "/reserve", shell)
      }
    case 25: return write(pick(["out", "in"]), region + "/clone", shell)
    default: return odd(shell, region: region, device: device, buffer: buffer, reservation: reservation)
    }
  }

  private mutating func rename(
    _ shell: Shell, region: String, device: String, buffer: String, reservation: String
  ) -> Command {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: move(region, "vcms/" + pick(["out", "in", "kernel"]), shell)
    case 1: move("devices/" + device, "devices/" + pick(["gpu", "display", "dma"]), shell)
    case 2: move("phys/" + buffer, "phys/" + pick(["b0", "b1", "buf", "b7"]), shell)
    default: move(reservation, region + "/reservations/" + pick(["r0", "res", "r9"]), shell)
    }
  }

  private mutating func odd(
    _ shell: Shell, region: String, device: String, buffer: String, reservation: String
  ) -> Command {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: run("rm", "\(region)/start", shell) { s, p throws(VCMError) in try s.rm(p) }
    case 1:
      run("ls", region, shell) { s, p throws(VCMError) in _ = try s.ls(p) }
    case 2: run("mkdir", "devices/gpu", shell) { s, p throws(VCMError) in try s.mkdir(p) }
    case 3: write("1", "devices/\(device)/reset", shell)
    case 4: write("bytes", "\(reservation)/data", shell)
    default: write(pick(["x86-64", "arm-v7s", "none", "nothing"]), "devices/\(device)/format", shell)
    }
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }

  private mutating func write(_ text: String, _ path: String, _ shell: Shell) -> Command {
    if errno({ () throws(VCMError) in try shell.echo(text, path) }) == 0 { successes += 1 }
    return Command(text: "echo \(text) > \(path)")
  }

  private mutating func move(_ path: String, _ newPath: String, _ shell: Shell) -> Command {
    let names = [name(path, shell), name(newPath, shell)].compactMap(\.self)
    let outcome = errno { () throws(VCMError) in try shell.mv(path, newPath) }
    if outcome == 0 { successes += 1 }
    return Command(text: "mv \(path) \(newPath) -> \(outcome)", names: outcome == 0 ? names : [])
  }

  private mutating func run(
    _ what: String, _ path: String, _ shell: Shell, _ body: (Shell, String) throws(VCMError) -> Void
  ) -> Command {
    let name = name(path, shell)
    let outcome = errno { () throws(VCMError) in try body(shell, path) }
    if outcome == 0 { successes += 1 }
    return Command(
      text: "\(what) \(path) -> \(outcome)",
      names: outcome == 0 && what != "ls" ? [name].compactMap(\.self) : [])
  }

  private func name(_ path: String, _ shell: Shell) -> KernelCache.Name? {
    var parts = path.split(separator: "/").map { String($0) }
    guard let last = parts.popLast(), let directory = try? shell.node(parts.joined(separator: "/")) else {
      return nil
    }
    return KernelCache.Name(directory: directory, name: last)
  }
}
