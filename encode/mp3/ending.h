// What LAME does instead of giving an error: it calls exit where a block does not
// fit, and fails asserts. The linker is told to wrap both (see lame.go), and what is
// here turns them into a number that encode returns.

#include <lame/lame.h>

// LAME_ENDED is what encode_guarded returns where LAME would have ended the program.
// The encoder must not be used afterwards, but closed.
#define LAME_ENDED (-100)

// What a test has LAME do instead of its work.
enum { LAME_WORKS, LAME_EXITS, LAME_ASSERTS };

int encode_guarded(lame_t l, const short *block, int frames, unsigned char *to, int size, int instead);
