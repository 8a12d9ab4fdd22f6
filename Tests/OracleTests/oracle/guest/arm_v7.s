@ Runs in secure supervisor mode with its own MMU off: programs the non-secure translation registers,
@ then asks the MMU to translate each query (ATS12NSO*) and stores PAR. Entered with r0 = the parameter block:
@   +0 SCTLR +4 TTBCR +8 TTBR0 +16 TTBR1 +24 DACR +28 PRRR +32 NMRR +36 HCR +40 VTCR +48 VTTBR +56 count
@   +64 queries of 16 bytes: address, operation (0 privileged read, 1 privileged write, 2 user read, 3 user write), PAR
        .syntax unified
        .arch armv7-a
        .arch_extension sec
        .arch_extension virt
        .arm
        cps     #22                     @ monitor mode
        mrc     p15, 0, r1, c1, c1, 0   @ SCR
        orr     r1, r1, #1              @ NS: the banked registers below are the non-secure ones
        mcr     p15, 0, r1, c1, c1, 0
        isb
        ldr     r2, [r0, #0]
        mcr     p15, 0, r2, c1, c0, 0   @ SCTLR
        ldr     r2, [r0, #4]
        mcr     p15, 0, r2, c2, c0, 2   @ TTBCR
        ldrd    r2, r3, [r0, #8]
        mcrr    p15, 0, r2, r3, c2      @ TTBR0
        ldrd    r2, r3, [r0, #16]
        mcrr    p15, 1, r2, r3, c2      @ TTBR1
        ldr     r2, [r0, #24]
        mcr     p15, 0, r2, c3, c0, 0   @ DACR
        ldr     r2, [r0, #28]
        mcr     p15, 0, r2, c10, c2, 0  @ PRRR, or MAIR0
        ldr     r2, [r0, #32]
        mcr     p15, 0, r2, c10, c2, 1  @ NMRR, or MAIR1
        ldr     r2, [r0, #36]
        mcr     p15, 4, r2, c1, c1, 0   @ HCR
        ldr     r2, [r0, #40]
        mcr     p15, 4, r2, c2, c1, 2   @ VTCR
        ldrd    r2, r3, [r0, #48]
        mcrr    p15, 6, r2, r3, c2      @ VTTBR
        mcr     p15, 4, r2, c8, c7, 4   @ TLBIALLNSNH
        mcr     p15, 4, r2, c8, c7, 0   @ TLBIALLH
        dsb
        isb
        bic     r6, r1, #1              @ SCR without NS: monitor mode writes the secure PAR
        ldr     r4, [r0, #56]
        add     r5, r0, #64
next:   subs    r4, r4, #1
        bmi     finish
        ldrd    r2, r3, [r5]
        cmp     r3, #1
        blt     read
        beq     write
        cmp     r3, #3
        blt     uread
        mcr     p15, 0, r2, c7, c8, 7   @ ATS12NSOUW
        b       store
uread:  mcr     p15, 0, r2, c7, c8, 6   @ ATS12NSOUR
        b       store
write:  mcr     p15, 0, r2, c7, c8, 5   @ ATS12NSOPW
        b       store
read:   mcr     p15, 0, r2, c7, c8, 4   @ ATS12NSOPR
store:  mcr     p15, 0, r6, c1, c1, 0
        isb
        mrrc    p15, 0, r2, r3, c7      @ PAR
        mcr     p15, 0, r1, c1, c1, 0
        isb
        strd    r2, r3, [r5, #8]
        add     r5, r5, #16
        b       next
finish: nop                             @ the breakpoint: in monitor mode, one mode change from the non-secure side
