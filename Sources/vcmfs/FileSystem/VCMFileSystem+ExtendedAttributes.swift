import FUSEKit
import StateTree
import VCM

// Extended attributes can be read. Setting and removing them is not served, which the kernel asks once.
extension VCMFileSystem {
  func extendedAttribute(
    _ name: FileName, of inode: InodeNumber, context: RequestContext, reply: consuming ExtendedAttributeReply
  ) {
    // For names of other kinds (ACLs, security labels) this is what `ls -l` remembers, and asks for no other file.
    guard let text = name.string, text.hasPrefix("user.") else { return reply.fail(.notSupported) }
    do throws(VCMError) {
      let attributes = try tree.extendedAttributes(of: NodeID(inode), caller: Caller(context))
      guard let found = attributes.first(where: { $0.name == text }) else { return reply.fail(.noData) }
      reply.succeed(Array(found.value.utf8))
    } catch {
      reply.fail(errno(error, ofNode: inode, context))
    }
  }

  func extendedAttributeNames(
    of inode: InodeNumber, context: RequestContext, reply: consuming ExtendedAttributeReply
  ) {
    do throws(VCMError) {
      let attributes = try tree.extendedAttributes(of: NodeID(inode), caller: Caller(context))
      reply.succeed(names: attributes.map(\.name))
    } catch {
      reply.fail(errno(error, ofNode: inode, context))
    }
  }
}
