import Glibc
import Testing
import VCM

@testable import StateTree

/// The thirteen steps of the mail, from a shell.
@Suite struct RunningExampleTests {
  @Test func thirteenSteps() throws {
    let shell = try Shell()
    // 1 to 3: a region of 128 MB at 0x1000, two devices with different formats, both active.
    try shell.mkdir("vcms/out")
    try shell.echo("0x1000", "vcms/out/start")
    try shell.echo("128M", "vcms/out/len")
    try shell.ln("../../../devices/video_dec", "vcms/out/devices/video_dec")
    try shell.ln("/mnt/vcm/devices/display", "vcms/out/devices/display")
    try shell.echo("1", "vcms/out/associations/video_dec/active")
    try shell.echo("1", "vcms/out/associations/display/active")
    #expect(try shell.cat("vcms/out/active") == "1\n")
    #expect(try shell.cat("devices/video_dec/format") == "msm-smmu\n")
    #expect(try shell.cat("devices/display/format") == "omap-iommu\n")
    // 4 and 5: the buffers.
    try shell.echo("128K memtype=mt0 blocks=64K name=buf_64k", "phys/alloc")
    try shell.echo("16M memtype=mt0 blocks=1M,64K,4K name=buf_16m", "phys/alloc")
    // 6: the physical segments, for an engine without IOMMU.
    #expect(try shell.cat("phys/buf_64k/chunks") == "0x80000000 65536\n0x80010000 65536\n")
    // 7: the reservations.
    try shell.echo("512K align=64K name=res_64k", "vcms/out/reserve")
    try shell.echo("16M align=16M name=res_16M", "vcms/out/reserve")
    // 8: behind each its buffer; the first is shorter than its reservation.
    try shell.ln("phys/buf_64k", "vcms/out/reservations/res_64k/backing")
    try shell.ln("phys/buf_16m", "vcms/out/reservations/res_16M/backing")
    // 9: the device addresses.
    #expect(try shell.cat("vcms/out/reservations/res_64k/addr") == "0x10000\n")
    #expect(try shell.cat("vcms/out/reservations/res_16M/addr") == "0x1000000\n")
    #expect(try shell.cat("vcms/out/reservations/res_64k/len") == "524288\n")
    // 10 to 12: the kernel's region, 16 MB anywhere, the same frame buffer behind it.
    try shell.mkdir("vcms/kernel")
    try shell.echo("kernel", "vcms/kernel/type")
    try shell.echo("16M name=res_kernel", "vcms/kernel/reserve")
    try shell.ln("phys/buf_16m", "vcms/kernel/reservations/res_kernel/backing")
    // 13: the CPU reads and writes it, and everybody sees the same bytes.
    try shell.write("frame", "vcms/kernel/reservations/res_kernel/data")
    #expect(try shell.bytes("vcms/out/reservations/res_16M/data").prefix(5) == Array("frame".utf8)[...])
    #expect(try shell.bytes("phys/buf_16m/data").prefix(5) == Array("frame".utf8)[...])
    #expect(try shell.ls("phys/buf_16m/users") == ["0", "1"])
    #expect(
      try shell.readlink("phys/buf_16m/users/1") == "../../../vcms/kernel/reservations/res_kernel")
    // The tables are there, in two formats, of one region.
    #expect(try shell.cat("vcms/out/associations/video_dec/root").hasPrefix("table=0x"))
    #expect(try shell.cat("vcms/out/associations/display/root").hasPrefix("table=0x"))
    #expect(
      try shell.cat("vcms/out/associations/video_dec/pagetable")
        != shell.cat("vcms/out/associations/display/pagetable"))
  }
}
