/*
 * Runs the official compiler's C++ natively, for bench/native.js: an architecture file.
 *
 * Comes in, on standard input: `sample BLOCK FRAMES` or `run BLOCK FRAMES`, a line each. Goes out: samples as doubles, frame by
 * frame, or the nanoseconds that the frames took, as text. Input and buttons are those of bench/child.js.
 */
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#ifndef FAUSTFLOAT
#define FAUSTFLOAT float
#endif

struct Soundfile;

struct UI {
  std::vector<FAUSTFLOAT*> buttons;
  void openTabBox(const char*) {}
  void openHorizontalBox(const char*) {}
  void openVerticalBox(const char*) {}
  void closeBox() {}
  void addButton(const char*, FAUSTFLOAT* zone) { buttons.push_back(zone); }
  void addCheckButton(const char*, FAUSTFLOAT*) {}
  void addVerticalSlider(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT) {}
  void addHorizontalSlider(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT) {}
  void addNumEntry(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT) {}
  void addHorizontalBargraph(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT) {}
  void addVerticalBargraph(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT) {}
  void addSoundfile(const char*, const char*, Soundfile**) {}
  void declare(FAUSTFLOAT*, const char*, const char*) {}
};

struct Meta {
  void declare(const char*, const char*) {}
};

struct dsp {
  virtual ~dsp() {}
};

<<includeIntrinsic>>
<<includeclass>>

static const int sample_rate = 44100;
static const int noise_frames = 16384;

struct Runner {
  mydsp program;
  UI ui;
  int block;
  std::vector<FAUSTFLOAT> noise;
  std::vector<std::vector<FAUSTFLOAT>> channels;
  std::vector<FAUSTFLOAT*> inputs, outputs;

  explicit Runner(int size) : block(size) {
    program.init(sample_rate);
    program.buildUserInterface(&ui);
    uint32_t state = 1;
    for (int i = 0; i < noise_frames; i++) {
      state = state * 1664525u + 1013904223u;
      noise.push_back(FAUSTFLOAT(int32_t(state) / 2147483648.0));
    }
    const int ins = program.getNumInputs(), outs = program.getNumOutputs();
    channels.assign(ins + outs, std::vector<FAUSTFLOAT>(size));
    for (int i = 0; i < ins + outs; i++) (i < ins ? inputs : outputs).push_back(channels[i].data());
  }

  template <class AfterBlock> void run(long frames, AfterBlock after) {
    for (long first = 0; first < frames; first += block) {
      const FAUSTFLOAT pressed = (first / (sample_rate / 2)) % 2 == 0 ? 1 : 0;
      for (FAUSTFLOAT* button : ui.buttons) *button = pressed;
      const long at = first % (noise_frames - block);
      for (FAUSTFLOAT* input : inputs) memcpy(input, &noise[at], block * sizeof(FAUSTFLOAT));
      program.compute(block, inputs.data(), outputs.data());
      after(int(std::min<long>(block, frames - first)));
    }
  }
};

int main() {
  Runner* runner = nullptr;
  char what[16];
  int block;
  long frames;
  while (scanf("%15s %d %ld", what, &block, &frames) == 3) {
    if (!runner || runner->block != block || what[0] == 's') {
      delete runner;
      runner = new Runner(block);
    }
    if (what[0] == 's') {
      std::vector<double> frame(runner->outputs.size());
      runner->run(frames, [&](int count) {
        for (int i = 0; i < count; i++) {
          for (size_t c = 0; c < frame.size(); c++) frame[c] = runner->outputs[c][i];
          fwrite(frame.data(), sizeof(double), frame.size(), stdout);
        }
      });
    } else {
      const auto start = std::chrono::steady_clock::now();
      runner->run(frames, [](int) {});
      const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
      printf("%.0f\n", taken.count());
    }
    fflush(stdout);
  }
}
