#include "imdswatch/app/cli.hpp"

int main(int argc, char** argv) { return imdswatch::run_cli(argc, argv); }
