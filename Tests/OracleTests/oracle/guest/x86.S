/* Tries accesses under a page table and records what happened. Assembled twice: WIDE for long mode, else 32-bit.
 *
 * Entered in flat 32-bit protected mode without paging, EBX = physical base of the walker's scratch memory, where
 * this code lies too. Offsets into it are those of walkers/cpu_x86.py. The scratch memory appears twice in the
 * address space that is being tested: at the slot base for the supervisor, 1 MiB higher for the user.
 *
 * A record is 32 bytes: +0 address, +8 operation (0 read, 1 write, 2 execute, 4 = as user), +16 outcome
 * (1 done, else 2 | vector << 8 | error code << 16), +24 the value read, to write, or returned by what ran.
 */
#ifdef WIDE
#define A %rax
#define B %rbx
#define C %rcx
#define D %rdx
#define S %rsi
#define T %rdi
#define STACK %rsp
#define FRAME %rbp
#define IRET iretq
#define PUSH pushq
#else
#define A %eax
#define B %ebx
#define C %ecx
#define D %edx
#define S %esi
#define T %edi
#define STACK %esp
#define FRAME %ebp
#define IRET iretl
#define PUSH pushl
#endif
#define PARAMETERS  0x1000
#define CR4_VALUE   (PARAMETERS + 0x00)
#define HOME        (PARAMETERS + 0x08)
#define EFER_VALUE  (PARAMETERS + 0x10)
#define CR0_VALUE   (PARAMETERS + 0x18)
#define FAR_POINTER (PARAMETERS + 0x20)
#define SLOT        (PARAMETERS + 0x28)
#define SHADOW      (PARAMETERS + 0x30)
#define COUNT       (PARAMETERS + 0x38)
#define GDT_POINTER (PARAMETERS + 0x40)
#define IDT_POINTER (PARAMETERS + 0x50)
#define STACK_TOP   0x6000
#define USER_TOP    0x107000
#define USER_VIEW   0x100000
#define RECORDS     0x20000

/* Offset of a label from the start, for there is no telling yet at which address this lies. */
#define AT(label) (label - start)

        .text
        .code32
start:  mov     CR4_VALUE(%ebx), %eax
        mov     %eax, %cr4
        mov     HOME(%ebx), %eax
        mov     %eax, %cr3
        mov     $0xC0000080, %ecx
        xor     %edx, %edx
        mov     EFER_VALUE(%ebx), %eax
        wrmsr
        mov     CR0_VALUE(%ebx), %eax
        mov     %eax, %cr0
        ljmp    *FAR_POINTER(%ebx)      /* to the next instruction, with the code segment of the mode */
paged:
#ifdef WIDE
        .code64
#endif
        mov     SLOT(B), B              /* from the identity mapping to the slot */
        lea     AT(slotted)(B), A
        jmp     *A
slotted:
        lgdt    GDT_POINTER(B)
        lidt    IDT_POINTER(B)
        mov     $0x10, %ax
        mov     %ax, %ss
        mov     $0x2B, %ax              /* the user's data segment: it survives the way there and back */
        mov     %ax, %ds
        mov     %ax, %es
        mov     $0x30, %ax
        ltr     %ax
ready:  mov     SHADOW(B), A            /* the table under test, freshly loaded */
        mov     A, %cr3
waiting:
        nop                             /* the breakpoint: the host prepares a batch while we stand here */
        mov     SHADOW(B), A
        mov     A, %cr3
        lea     RECORDS(B), S
        mov     COUNT(B), FRAME
next:   lea     STACK_TOP(B), STACK
        sub     $1, FRAME
        js      ready
        mov     (S), T
        mov     24(S), A
        mov     8(S), D
        test    $4, %dl
        jnz     user
        test    $2, %dl
        jnz     1f
        test    $1, %dl
        jnz     2f
        mov     (T), A
        jmp     done
1:      call    *T
        jmp     done
2:      mov     A, (T)
        jmp     done

user:   lea     USER_VIEW + AT(uread)(B), C
        test    $2, %dl
        jnz     1f
        test    $1, %dl
        jz      2f
        lea     USER_VIEW + AT(uwrite)(B), C
        jmp     2f
1:      lea     USER_VIEW + AT(uexecute)(B), C
2:      PUSH    $0x2B
        lea     USER_TOP(B), D
        push    D
        PUSH    $2
        PUSH    $0x23
        push    C
        IRET

uread:  mov     (T), A
        int     $0x80
uwrite: mov     A, (T)
        int     $0x80
uexecute:
        call    *T
        int     $0x80

system_call:
done:   mov     A, 24(S)
        movl    $1, 16(S)
        jmp     advance

invalid_opcode:
        PUSH    $0
        mov     $6, %ecx
        jmp     faulted
stack_fault:
        mov     $12, %ecx
        jmp     faulted
protection_fault:
        mov     $13, %ecx
        jmp     faulted
page_fault:
        mov     $14, %ecx
faulted:
        pop     D
        shl     $8, %ecx
        shl     $16, %edx
        lea     2(%ecx, %edx), %ecx
        mov     %ecx, 16(S)
advance:
        add     $32, S
        jmp     next
