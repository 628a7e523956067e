#pragma once

/// Before a function that is compiled for processors of level x86-64-v3 (AVX2, BMI) as well; the loader chooses. What it calls must be inline to be so, too.
#if defined(__x86_64__) && !defined(__clang__)  // whose version 14 gives such a function a name that no caller asks for
#define IMDSWATCH_FOR_EACH_MACHINE __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define IMDSWATCH_FOR_EACH_MACHINE
#endif
