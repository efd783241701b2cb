//go:build cgo && !nomp3

#include "ending.h"
#include <assert.h>
#include <setjmp.h>
#include <stdlib.h>

// guard is where the thread goes on that LAME would end; NULL outside of
// encode_guarded, where exit and assert do what they always do.
static _Thread_local jmp_buf *guard;

static void leave(void) {
	jmp_buf *to = guard;
	if (to) {
		guard = NULL;
		longjmp(*to, 1);
	}
}

int encode_guarded(lame_t l, const short *block, int frames, unsigned char *to, int size, int instead) {
	jmp_buf here;
	if (setjmp(here)) return LAME_ENDED;
	guard = &here;
	if (instead == LAME_EXITS) exit(-1);
	if (instead == LAME_ASSERTS) __assert_fail("it fits", __FILE__, __LINE__, __func__);
	int n = lame_encode_buffer(l, block, block, frames, to, size);
	guard = NULL;
	return n;
}

#ifdef __linux__ // where LAME is linked statically, by a linker that wraps

_Noreturn void __real_exit(int status);
_Noreturn void __real___assert_fail(const char *what, const char *file, unsigned int line, const char *function);

_Noreturn void __wrap_exit(int status) {
	leave();
	__real_exit(status);
}

_Noreturn void __wrap___assert_fail(const char *what, const char *file, unsigned int line, const char *function) {
	leave();
	__real___assert_fail(what, file, line, function);
}

#endif
