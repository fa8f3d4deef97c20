#!/usr/bin/env python3
"""Writes what a new provider type begins with, registers it, builds it and runs its test.

usage: scripts/new_provider.py NAME [--no-build]
  NAME   as it stands in a configuration: "acme", "acme_cloud"

The skeleton is OpenAI's dialect with a bearer key: it works, and says nothing that is its own. See
docs/adding-a-provider.md for what comes next.
"""
import argparse
import pathlib
import re
import subprocess
import sys

import source

# The skeleton is this provider under another name.
MODEL = 'src/provider/openai.cpp'

MAKER = '''/// What is its own, and the page of the vendor that says so.
[[nodiscard]] std::unique_ptr<Provider> make_@name@(const config::Provider& config, BaseUrl url);

'''

TEST = '''#include <gtest/gtest.h>

#include "unit/config/support.h"
#include "unit/provider/made.h"

namespace butter::provider {
namespace {

TEST(@Class@, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::@name@);
  EXPECT_EQ(made.auth("K"), "Authorization: Bearer K\\r\\n");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.provider->has_native(), true);
}

TEST(@Class@, ItsRequests) {
  const test::Made made(config::ProviderType::@name@);
  std::string requests;
  for (const bool stream : {false, true}) {
    std::string path;
    made.provider->append_path(made.provider->target("m", stream), path);
    requests += "POST " + made.target(path) + "\\n" + made.auth("KEY") + made.defaults();
  }
  std::erase(requests, '\\r');
  config::test::expect_golden("tests/golden/providers/@name@.txt", requests);
}

}  // namespace
}  // namespace butter::provider
'''

GOLDEN = 'POST /v1/chat/completions\nAuthorization: Bearer KEY\n' * 2


def insert_before(text, anchor, line):
    """\\return the text with `line` in front of `anchor`, which must stand in it once"""
    if text.count(anchor) != 1:
        raise ValueError(f'{anchor!r} stands {text.count(anchor)} times')
    return text.replace(anchor, line + anchor)


def mock_of_enum(text):
    """The end of ProviderType, which may stand in one line or in many."""
    found = re.search(r'enum class ProviderType [^}]*?,(\s*mock,?\s*\};)', text)
    return found.group(1) if found else 'enum class ProviderType'


def insert_sorted(text, line):
    """\\return a CMake list with one more `    file.cpp` line, in order"""
    lines = text.splitlines(keepends=True)
    files = [n for n, each in enumerate(lines) if re.fullmatch(r'    \w+\.cpp\n', each)]
    at = next((n for n in files if lines[n] > line), files[-1] + 1)
    return ''.join(lines[:at] + [line] + lines[at:])


def edits(name):
    """{file: function of its text}: all places that list the types."""
    type_ = f'ProviderType::{name}'
    return {
        'src/config/config.h': lambda t: insert_before(t, mock_of_enum(t), f' {name},'),
        'src/config/table_provider.cpp':
            lambda t: insert_before(t, '    {"mock", ProviderType::mock},', f'    {{"{name}", {type_}}},\n'),
        'src/config/known_providers.cpp':
            lambda t: insert_before(t, '    case ProviderType::azure_openai: return std::nullopt;',
                                    f'    case {type_}:\n'),
        'src/provider/types.h':
            lambda t: insert_before(t, '/// Answers by itself (provider/mock.h)',
                                    MAKER.replace('@name@', name)),
        'src/provider/registry.cpp':
            lambda t: insert_before(t, '    case config::ProviderType::mock:',
                                    f'    case config::{type_}: return {{make_{name}}};\n'),
        'src/provider/CMakeLists.txt': lambda t: insert_sorted(t, f'    {name}.cpp\n'),
        'tests/unit/provider/CMakeLists.txt': lambda t: insert_sorted(t, f'    {name}_test.cpp\n'),
        'docs/config.md': lambda t: insert_before(t, ', `mock` |', f', `{name}`'),
        'docs/config.schema.json': lambda t: insert_before(t, ', "mock"]', f', "{name}"'),
    }


def write(root, name):
    """Writes and registers. \\return the files that were touched, relative to `root`"""
    if not re.fullmatch(r'[a-z][a-z0-9]*(_[a-z0-9]+)*', name):
        raise ValueError(f'{name!r}: must be lower case words with "_" between them')
    class_ = ''.join(word.capitalize() for word in name.split('_'))
    skeleton = (root / MODEL).read_text().replace('OpenAi', class_).replace('make_openai', f'make_{name}')
    made = {
        f'src/provider/{name}.cpp': skeleton,
        f'tests/unit/provider/{name}_test.cpp': TEST,
        f'tests/golden/providers/{name}.txt': GOLDEN,
    }
    for path in made:
        if (root / path).exists():
            raise ValueError(f'{path} exists')
    texts = {path: text.replace('@name@', name).replace('@Class@', class_)
             for path, text in made.items()}
    # All or nothing: every edit is made before the first file is written.
    for path, edit in edits(name).items():
        try:
            texts[path] = edit((root / path).read_text())
        except ValueError as error:
            raise ValueError(f'{path}: {error}') from error
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return list(texts)


def build(root):
    if not (root / 'build/dev/CMakeCache.txt').exists():
        subprocess.run(['cmake', '--preset', 'dev'], cwd=root, check=True)
    subprocess.run(['cmake', '--build', 'build/dev', '--target', 'provider_test', 'config_test'],
                   cwd=root, check=True)
    for room in ('provider', 'config'):
        subprocess.run([f'build/dev/tests/unit/{room}/{room}_test', '--gtest_brief=1'], cwd=root,
                       check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('name', help='as it stands in a configuration: "acme_cloud"')
    parser.add_argument('--no-build', action='store_true', help='write and register only')
    arguments = parser.parse_args()
    try:
        touched = write(source.ROOT, arguments.name)
    except ValueError as error:
        sys.exit(f'new_provider.py: {error}')
    formatted = [path for path in touched if pathlib.Path(path).suffix in ('.h', '.cpp')]
    subprocess.run(['clang-format-19', '-i', *formatted], cwd=source.ROOT, check=False)
    print('\n'.join(touched))
    if not arguments.no_build:
        try:
            build(source.ROOT)
        except subprocess.CalledProcessError as error:
            sys.exit(f'new_provider.py: {" ".join(error.cmd)} failed')


if __name__ == '__main__':
    main()
