#include <stdlib.h>
#include <string.h>
#include "bridge.h"
#include "_cgo_export.h"

cst_voice *register_cmu_us_slt(const char *);
cst_voice *register_cmu_us_rms(const char *);
cst_voice *register_cmu_us_awb(const char *);
cst_voice *register_cmu_us_kal16(const char *);

cst_voice *lectern_voice(int index)
{
	switch (index) {
	case 0: return register_cmu_us_slt(NULL);
	case 1: return register_cmu_us_rms(NULL);
	case 2: return register_cmu_us_awb(NULL);
	case 3: return register_cmu_us_kal16(NULL);
	}
	return NULL;
}

static int on_audio(const cst_wave *wave, int start, int size, int last, cst_audio_streaming_info *info)
{
	(void)last;
	if (lecternFliteAudio((uintptr_t)info->userdata, (void *)info->utt, (void *)(wave->samples + start), size))
		return CST_AUDIO_STREAM_CONT;
	return CST_AUDIO_STREAM_STOP;
}

// lectern_prepare makes voice hand out its sound while it is made.
void lectern_prepare(cst_voice *voice)
{
	cst_audio_streaming_info *info = new_audio_streaming_info();
	info->asc = on_audio;
	feat_set(voice->features, "streaming_info", audio_streaming_info_val(info));
	// The voice's own tempo, kept since duration_stretch is overwritten.
	feat_set_float(voice->features, "lectern_tempo", get_param_float(voice->features, "duration_stretch", 1.0));
}

// What lectern_say is to say; the library is used by one thread at a time.
static const lectern_said *said;
static int said_count;

// synth is flite's own way from text to sound, but between tokens and words it
// marks those tokens whose phones are given. The library's own positions are
// not exact, so tokens are looked up one after the other.
static cst_utterance *synth(cst_utterance *utterance)
{
	if (default_tokenization(utterance) == NULL)
		return NULL;
	const char *text = utt_input_text(utterance), *at = text;
	int next = 0;
	for (cst_item *item = relation_head(utt_relation(utterance, "Token")); item != NULL && next < said_count; item = item_next(item)) {
		const char *found = strstr(at, item_name(item));
		if (found == NULL || *item_name(item) == '\0')
			continue;
		at = found + strlen(item_name(item));
		while (next < said_count && text + said[next].start < found)
			next++;
		if (next < said_count && text + said[next].start == found)
			item_set_string(item, "phones", said[next].phones);
	}
	return utt_synth_tokens(utterance);
}

int lectern_say(cst_voice *voice, const char *text, const lectern_said *words, int count, float stretch, float shift, uintptr_t handle)
{
	cst_audio_streaming_info *info = val_audio_streaming_info(feat_val(voice->features, "streaming_info"));
	info->userdata = (void *)handle;
	feat_set_float(voice->features, "duration_stretch", stretch * feat_float(voice->features, "lectern_tempo"));
	feat_set_float(voice->features, "f0_shift", shift);
	srand(1); // the excitation is noise from rand; with this the same text gives the same sound
	said = words, said_count = count;
	cst_utterance *utterance = new_utterance();
	utt_set_input_text(utterance, text);
	utterance = flite_do_synth(utterance, voice, synth);
	if (utterance == NULL)
		return 0;
	delete_utterance(utterance);
	return 1;
}

// lectern_tokens lists the tokens of an utterance, in order, and returns how many.
int lectern_tokens(const cst_utterance *utterance, lectern_token *tokens, int most)
{
	int n = 0;
	cst_relation *relation = utt_relation((cst_utterance *)utterance, "Token");
	for (const cst_item *item = relation_head(relation); item != NULL && n < most; item = item_next(item), n++) {
		tokens[n].name = item_name(item);
		tokens[n].start = tokens[n].end = 0;
		const cst_item *first = item_daughter(item), *last = item_last_daughter(item);
		if (first == NULL)
			continue;
		tokens[n].start = ffeature_float(first, "R:SylStructure.daughter1.daughter1.R:Segment.p.end");
		tokens[n].end = ffeature_float(last, "R:SylStructure.daughtern.daughtern.R:Segment.end");
	}
	return n;
}
