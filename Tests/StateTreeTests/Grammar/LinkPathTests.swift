import Glibc
import Testing
import VCM

@testable import StateTree

@Suite struct LinkPathTests {
  @Test(arguments: [
    "phys/b0", "/phys/b0", "./phys/b0", "../../../../phys/b0", "/mnt/vcm/phys/b0", "phys/b0/", "phys//b0",
    "phys/./b0",
    "x/../phys/b0", "phys/b1/../b0", "../phys/./b0//", "phys/a/b/../../b0", "../../phys/x/.././b0/.",
  ])
  func good(target: String) throws {
    #expect(try LinkPath.name(in: "phys", of: target) == "b0")
  }

  @Test(arguments: [
    ("b0", EINVAL), ("", ENOENT), ("/", EINVAL), ("phys", EINVAL), ("phys/", EINVAL), ("devices/b0", EINVAL),
    ("phys/..", EINVAL), ("phys/b0/..", EINVAL), ("..", EINVAL), ("phys/../b0", EINVAL),
    ("phys/x/../../b0", EINVAL), ("../..", EINVAL), ("phys/b0/len", EINVAL),
    ("PHYS/b0", EINVAL), (String(repeating: "a", count: 5000), ENAMETOOLONG),
  ])
  func bad(target: String, number: Int32) {
    #expect(errno { () throws(VCMError) in _ = try LinkPath.name(in: "phys", of: target) } == number)
  }
}
