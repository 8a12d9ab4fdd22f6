// Runs at EL2 with its own MMU off: programs the EL1&0 translation registers, then answers queries. Reads and writes
// are asked with AT; for an execution the CPU goes to the address, where a WFI must lie, which traps back to EL2.
// Entered with x0 = the parameter block:
//   +0 SCTLR_EL1 +8 TCR_EL1 +16 TTBR0_EL1 +24 TTBR1_EL1 +32 MAIR_EL1 +40 VBAR_EL1 +48 HCR_EL2 +56 VTCR_EL2
//   +64 VTTBR_EL2 +72 count, +128 records of 32 bytes:
//   +0 address, +8 operation: 0 to 3 stage 1 (EL1 read, EL1 write, EL0 read, EL0 write), 4 to 7 the same through both
//   stages, 8 execute at EL1, 9 at EL0; +16 PAR, or ESR_EL2 of the trap, +24 ESR_EL1; after an execution +0 becomes
//   FAR_EL2 and +8 FAR_EL1
        ldr     x1, [x0, #0]
        msr     sctlr_el1, x1
        ldr     x1, [x0, #8]
        msr     tcr_el1, x1
        ldr     x1, [x0, #16]
        msr     ttbr0_el1, x1
        ldr     x1, [x0, #24]
        msr     ttbr1_el1, x1
        ldr     x1, [x0, #32]
        msr     mair_el1, x1
        ldr     x1, [x0, #40]
        msr     vbar_el1, x1
        ldr     x1, [x0, #48]
        msr     hcr_el2, x1
        ldr     x1, [x0, #56]
        msr     vtcr_el2, x1
        ldr     x1, [x0, #64]
        msr     vttbr_el2, x1
        adr     x1, vectors
        msr     vbar_el2, x1
        tlbi    alle1
        dsb     sy
        isb
        ldr     x20, [x0, #72]
        add     x21, x0, #128
next:   cbz     x20, finish
        sub     x20, x20, #1
        ldp     x1, x2, [x21]
        msr     esr_el1, xzr
        cmp     x2, #8
        b.ge    execute
        adr     x3, asks
        add     x3, x3, x2, lsl #3
        br      x3
asks:   at      s1e1r, x1
        b       store
        at      s1e1w, x1
        b       store
        at      s1e0r, x1
        b       store
        at      s1e0w, x1
        b       store
        at      s12e1r, x1
        b       store
        at      s12e1w, x1
        b       store
        at      s12e0r, x1
        b       store
        at      s12e0w, x1
store:  isb
        mrs     x3, par_el1
        b       record
execute:
        mov     x3, #0x3c5              // EL1h, all masked
        mov     x4, #0x3c0              // EL0t
        cmp     x2, #8
        csel    x3, x3, x4, eq
        msr     spsr_el2, x3
        msr     elr_el2, x1
        eret
trapped:
        mrs     x3, far_el2
        mrs     x4, far_el1
        stp     x3, x4, [x21]
        mrs     x3, esr_el2
record: mrs     x4, esr_el1
        stp     x3, x4, [x21, #16]
        add     x21, x21, #32
        b       next
finish: nop                             // the breakpoint

        .balign 2048
vectors:
        .fill   0x400 / 4, 4, 0x14000000 // from this level: stay there, and be noticed
        b       trapped                 // synchronous, from below
        .balign 2048
below:                                  // EL1's own vectors: every one of them reports to EL2
        .rept   16
        hvc     #0
        .balign 128
        .endr
