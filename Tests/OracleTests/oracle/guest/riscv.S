# Runs in machine mode, which no table translates: makes loads and stores with the rights of a lower mode (MPRV), and
# goes there for executions, where an ECALL must lie. Assembled for 32 and for 64 bits.
# Entered with s0 = the parameter block, in slots of 8 bytes:
#   0 satp, 1 hgatp, 2 count; from 8 on, records of 4 slots:
#   address; operation: 0 read, 1 write, 2 execute, +4 as user, +8 as a guest (VS or VU), 16 visit (go to supervisor
#   mode and stay); outcome: 1 done, else 2 | cause << 8; value read, to write, or in a0 when an execution trapped
#if __riscv_xlen == 64
#define LOAD  ld
#define STORE sd
#else
#define LOAD  lw
#define STORE sw
#endif
#define HGATP  0x680
#define VSATP  0x280
#define VSSTATUS 0x200
#define MSTATUSH 0x310
#define SUM    (1 << 18)
#define MXR    (1 << 19)
#define MPRV   (1 << 17)
#define MPP    (3 << 11)
#define MPP_S  (1 << 11)

        .option norvc
start:  la      t0, trap
        csrw    mtvec, t0
        li      t0, -1                  # every lower mode may reach all of memory
        csrw    pmpaddr0, t0
        li      t0, 0x1F
        csrw    pmpcfg0, t0
waiting:
        nop                             # the breakpoint: the host prepares a batch while we stand here
        LOAD    t0, 0(s0)
        csrw    satp, t0
        LOAD    t0, 8(s0)
        beqz    t0, 1f
        csrw    HGATP, t0
        csrw    VSATP, x0
        csrw    VSSTATUS, x0
        .word   0x62000073              # hfence.gvma
1:      sfence.vma
        LOAD    s2, 16(s0)
        addi    s1, s0, 64
next:   beqz    s2, waiting
        addi    s2, s2, -1
        LOAD    a1, 0(s1)
        LOAD    a2, 8(s1)
        LOAD    a0, 24(s1)
        li      t1, MPP | MXR | SUM
        csrc    mstatus, t1
        li      t1, SUM
        andi    t0, a2, 4
        bnez    t0, 2f
        li      t1, SUM | MPP_S
2:      csrs    mstatus, t1
        andi    t0, a2, 8
        call    virtual
        li      t1, MPRV
        andi    t0, a2, 16
        bnez    t0, visit
        andi    t0, a2, 2
        bnez    t0, execute
        andi    t0, a2, 1
        bnez    t0, write
        csrs    mstatus, t1
        LOAD    a0, 0(a1)
        j       done
write:  csrs    mstatus, t1
        STORE   a0, 0(a1)
done:   csrc    mstatus, t1
        STORE   a0, 24(s1)
        li      t0, 1
        STORE   t0, 16(s1)
        j       advance
visit:  li      t1, MXR                 # whoever looks from there sees execute-only pages too
        csrs    mstatus, t1
        andi    t0, a2, 8
        beqz    t0, execute
        csrw    VSSTATUS, t1
execute:
        li      a0, 0
        csrw    mepc, a1
leave:  mret

        .balign 4
trap:   li      t1, MPRV
        csrc    mstatus, t1
        csrr    t0, mcause
        slli    t0, t0, 8
        addi    t0, t0, 2
        STORE   t0, 16(s1)
        STORE   a0, 24(s1)
advance:
        addi    s1, s1, 32
        j       next

virtual:                                # sets MPV where t0 says so
#if __riscv_xlen == 64
        li      t1, 1 << 39
        csrc    mstatus, t1
        beqz    t0, 3f
        csrs    mstatus, t1
#else
        li      t1, 1 << 7
        csrc    MSTATUSH, t1
        beqz    t0, 3f
        csrs    MSTATUSH, t1
#endif
3:      ret
