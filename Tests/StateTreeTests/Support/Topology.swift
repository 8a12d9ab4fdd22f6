import VCM

@testable import StateTree

extension Shell {
  /// The running example of the mail up to the reservations: a region that two devices see, two buffers.
  func makeVideoTopology() throws(VCMError) {
    try mkdir("vcms/out")
    try echo("0x1000", "vcms/out/start")
    try echo("128M", "vcms/out/len")
    try ln("devices/video_dec", "vcms/out/devices/")
    try ln("devices/display", "vcms/out/devices/")
    try echo("1", "vcms/out/active")
    try echo("128K memtype=mt0 blocks=64K name=buf_64k", "phys/alloc")
    try echo("16M memtype=mt0 name=buf_16m", "phys/alloc")
    try echo("512K align=64K name=res_64k", "vcms/out/reserve")
    try echo("16M align=16M name=res_16M", "vcms/out/reserve")
  }

  /// The buffers behind the reservations.
  func backVideoTopology() throws(VCMError) {
    try ln("phys/buf_64k", "vcms/out/reservations/res_64k/backing")
    try ln("phys/buf_16m", "vcms/out/reservations/res_16M/backing")
  }
}
