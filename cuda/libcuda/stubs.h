// STUB(name, i) defines name as a jump through entry i of the table. The scratch registers are the ones that a procedure linkage
// table may use: r11, x16.
#if defined(__x86_64__)
#define STUB(name, i) .text; .globl name; .hidden name; .type name,@function; .p2align 4; name: endbr64; movq shim_table+8*(i)(%rip), %r11; jmp *%r11; .size name, .-name;
#elif defined(__aarch64__)
#define STUB(name, i) .text; .globl name; .hidden name; .type name,%function; .p2align 2; name: hint 34; adrp x16, shim_table; add x16, x16, :lo12:shim_table; ldr x16, [x16, 8*(i)]; br x16; .size name, .-name;
#else
#error "the stubs are written for x86-64 and arm64"
#endif
