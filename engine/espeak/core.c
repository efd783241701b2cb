// SPDX-License-Identifier: GPL-3.0-or-later

// The core makes the sound. It is this same executable, started again with
// CORE_VOICE in its environment, and is at work before the Go runtime would
// start: a process of one thread, which may fork. It loads one voice and then
// speaks every utterance in a copy of itself. So no utterance knows what was
// spoken before it, and a crash or a kill costs one utterance.

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include "bridge.h"

enum { ORDERS = 0 }; // stdin is a socket: orders come in, outcomes go out

// The library works in short steps, so that the first sound is early. What it
// makes is gathered and written in pieces that grow, since each one wakes the
// reader; the largest fills a pipe.
enum { STEP_MILLISECONDS = 60, FIRST_PIECE = 2048, LARGEST_PIECE = 60000, GROWTH = 4, EVENTS = 512 };

static int answer; // the utterance's pipe
static struct { lectern_header header; uint8_t bytes[LARGEST_PIECE]; } sound = {{LECTERN_SOUND, 0}, {0}};
static struct { lectern_header header; lectern_word list[EVENTS]; } words = {{LECTERN_WORDS, 0}, {{0}}};
static size_t piece = FIRST_PIECE;

static void write_all(const void *bytes, size_t n)
{
	for (const uint8_t *at = bytes; n > 0;) {
		ssize_t written = write(answer, at, n);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			_exit(1); // nobody listens
		at += written, n -= (size_t)written;
	}
}

static void tell(lectern_header *message)
{
	if (message->bytes > 0)
		write_all(message, sizeof *message + message->bytes);
	message->bytes = 0;
}

static void flush(void)
{
	tell(&words.header);
	tell(&sound.header);
}

static void done(void)
{
	flush();
	lectern_header last = {LECTERN_DONE, 0};
	write_all(&last, sizeof last);
}

static int on_audio(short *samples, int n, espeak_EVENT *events)
{
	for (; events != NULL && events->type != espeakEVENT_LIST_TERMINATED; events++) {
		if (events->type != espeakEVENT_WORD && events->type != espeakEVENT_END)
			continue;
		if (words.header.bytes == sizeof words.list)
			flush();
		words.list[words.header.bytes / sizeof *words.list] =
			(lectern_word){events->type == espeakEVENT_END, events->text_position, events->length, events->sample};
		words.header.bytes += sizeof *words.list;
	}
	const uint8_t *from = (const uint8_t *)samples;
	for (size_t left = samples == NULL || n <= 0 ? 0 : 2 * (size_t)n; left > 0;) {
		size_t room = sizeof sound.bytes - sound.header.bytes, some = left < room ? left : room;
		memcpy(sound.bytes + sound.header.bytes, from, some);
		sound.header.bytes += (uint32_t)some, from += some, left -= some;
		if (sound.header.bytes >= piece) {
			flush();
			piece = piece * GROWTH < sizeof sound.bytes ? piece * GROWTH : sizeof sound.bytes;
		}
	}
	return 0;
}

// speak is what a copy does. Without the flag for phonemes, as without the one
// for markup, all text is plain text.
static int speak(const lectern_order *order, const char *text)
{
	int flags = espeakCHARS_UTF8 | espeakENDPAUSE | (order->kind == LECTERN_PHONEMES ? espeakPHONEMES : 0);
	if (espeak_ng_Synthesize(text, order->bytes, 0, POS_CHARACTER, 0, (unsigned)flags, NULL, NULL) != ENS_OK)
		return 1;
	done();
	return 0;
}

// spell answers each line of text, a mnemonic in brackets, by what it is in IPA.
static int spell(char *text)
{
	// Only the flag of an utterance makes the library heed the brackets.
	espeak_ng_Synthesize("", 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8 | espeakPHONEMES, NULL, NULL);
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
		const void *at = line;
		const char *ipa = espeak_TextToPhonemes(&at, espeakCHARS_UTF8, 0x02);
		lectern_header header = {LECTERN_IPA, ipa == NULL ? 0 : (uint32_t)strlen(ipa)};
		write_all(&header, sizeof header);
		write_all(ipa, header.bytes);
	}
	done();
	return 0;
}

// Clauses are gathered: it is the wake-ups that cost.
static struct { uint8_t bytes[LARGEST_PIECE]; size_t n; } clauses;

static void gather(uint32_t kind, const void *bytes, size_t n)
{
	lectern_header header = {kind, (uint32_t)n};
	if (n + sizeof header > sizeof clauses.bytes - clauses.n) {
		write_all(clauses.bytes, clauses.n);
		clauses.n = 0;
	}
	memcpy(clauses.bytes + clauses.n, &header, sizeof header);
	memcpy(clauses.bytes + clauses.n + sizeof header, bytes, n);
	clauses.n += n + sizeof header;
}

static int on_clause(const lectern_word *list, size_t n, const char *ipa)
{
	size_t letters = strlen(ipa);
	if (n * sizeof *list > sizeof clauses.bytes / 2 || letters > sizeof clauses.bytes / 2)
		return 1;
	gather(LECTERN_WORDS, list, n * sizeof *list);
	gather(LECTERN_IPA, ipa, letters);
	return 0;
}

static int transcribe(const lectern_order *order, const char *text)
{
	clauses.n = 0;
	int failed = lectern_transcribe(text, order->kind == LECTERN_TRANSCRIBE_PHONEMES, on_clause);
	if (!failed)
		gather(LECTERN_DONE, NULL, 0);
	write_all(clauses.bytes, clauses.n);
	return failed;
}

static int load(const char *voice)
{
	espeak_ng_InitializePath(NULL);
	if (espeak_ng_Initialize(NULL) != ENS_OK || espeak_ng_InitializeOutput(ENOUTPUT_MODE_SYNCHRONOUS, STEP_MILLISECONDS, NULL) != ENS_OK)
		return 0;
	espeak_SetSynthCallback(on_audio);
	const char *volume = getenv(CORE_VOLUME);
	return espeak_ng_SetVoiceByName(voice) == ENS_OK &&
		(volume == NULL || espeak_ng_SetParameter(espeakVOLUME, atoi(volume), 0) == ENS_OK);
}

// receive reads an order, and with it the descriptor that its answer goes to.
static int receive(lectern_order *order, int *descriptor)
{
	union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control;
	struct iovec bytes = {order, sizeof *order};
	struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	ssize_t n;
	do
		n = recvmsg(ORDERS, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	*descriptor = -1;
	struct cmsghdr *first = CMSG_FIRSTHDR(&message);
	if (n > 0 && first != NULL && first->cmsg_level == SOL_SOCKET && first->cmsg_type == SCM_RIGHTS)
		memcpy(descriptor, CMSG_DATA(first), sizeof *descriptor);
	return n == sizeof *order;
}

static int read_all(void *to, size_t n)
{
	for (uint8_t *at = to; n > 0;) {
		ssize_t got = read(ORDERS, at, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return 0;
		at += got, n -= (size_t)got;
	}
	return 1;
}

static int await(pid_t copy)
{
	int status = 0;
	while (waitpid(copy, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

// attend waits for a copy to end, which closes its end of a pipe, and kills it
// when an order to cancel comes or when the worker is gone.
static int attend(pid_t copy, int life)
{
	struct pollfd waited[] = {{ORDERS, POLLIN, 0}, {life, POLLIN, 0}};
	for (int killed = 0;;) {
		if (poll(waited + killed, 2 - (nfds_t)killed, -1) < 0)
			continue;
		if (waited[1].revents != 0)
			break;
		lectern_order cancel;
		int none;
		kill(copy, SIGKILL);
		killed = 1;
		if (!receive(&cancel, &none)) {
			await(copy);
			_exit(0);
		}
	}
	return await(copy);
}

static int transcribes(const lectern_order *order) { return order->kind == LECTERN_TRANSCRIBE || order->kind == LECTERN_TRANSCRIBE_PHONEMES; }

static int perform(const lectern_order *order, char *text)
{
	if (transcribes(order))
		return transcribe(order, text);
	return order->kind == LECTERN_SPELL ? spell(text) : speak(order, text);
}

static int carry_out_here(const lectern_order *order, char *text)
{
	piece = FIRST_PIECE;
	int failed = perform(order, text);
	close(answer);
	return failed;
}

#ifdef LECTERN_WITHOUT_COPIES
// So that bench/proof can measure what the copies cost.
static int carry_out(const lectern_order *order, char *text) { return carry_out_here(order, text); }
#else
// carry_out has an order carried out by a copy, and returns how that ended. A
// text is transcribed without one, in a core that speaks nothing: what the library
// keeps of a text that it has read is forgotten when it begins the next.
static int carry_out(const lectern_order *order, char *text)
{
	if (transcribes(order))
		return carry_out_here(order, text);
	int life[2];
	if (pipe(life) != 0)
		return -1;
	pid_t core = getpid();
	pid_t copy = fork();
	if (copy == 0) {
#ifdef __linux__
		prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
		if (getppid() != core)
			_exit(1);
		close(ORDERS);
		_exit(perform(order, text));
	}
	close(answer);
	close(life[1]);
	int status = copy < 0 ? -1 : attend(copy, life[0]);
	close(life[0]);
	return status;
}
#endif

static int serve(const char *voice)
{
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none); // it would hold the users' text
#ifdef __linux__
	prctl(PR_SET_NAME, "espeak-core");
#endif
	int32_t status = load(voice) ? 0 : -1;
	lectern_order order;
	while (write(ORDERS, &status, sizeof status) == sizeof status) {
		do
			if (!receive(&order, &answer))
				return 0;
		while (order.kind == LECTERN_CANCEL); // of what was over already
		// Not from the heap: what comes and goes there could change the sound.
		char *text = mmap(NULL, order.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (text == MAP_FAILED || !read_all(text, order.bytes))
			return 1;
		status = carry_out(&order, text);
		munmap(text, order.bytes);
	}
	return 0;
}

__attribute__((constructor)) static void lectern_core(void)
{
	const char *voice = getenv(CORE_VOICE);
	if (voice != NULL)
		_exit(serve(voice));
}
