import pathlib
import re
import shutil
import tempfile
import unittest

import new_provider
from source import ROOT


class NewProvider(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for path in [new_provider.MODEL, *new_provider.edits('x')]:
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, self.root / path)

    def text(self, path):
        return (self.root / path).read_text()

    def test_writes_and_registers(self):
        touched = new_provider.write(self.root, 'test_only')
        self.assertEqual(len(touched), len(set(touched)))
        for path in touched:
            self.assertIn('test_only', path + self.text(path))
            self.assertNotRegex(self.text(path), '@(name|Class)@')
        self.assertIn('class TestOnly final', self.text('src/provider/test_only.cpp'))
        self.assertRegex(self.text('src/config/config.h'), r'test_only,\s+mock')
        self.assertIn('{"test_only", ProviderType::test_only},', self.text('src/config/table_provider.cpp'))
        self.assertIn('return {make_test_only};', self.text('src/provider/registry.cpp'))
        self.assertIn('`test_only`, `mock` |', self.text('docs/config.md'))
        self.assertEqual(self.text('docs/config.schema.json').count('"test_only"'), 1)

    def test_lists_stay_sorted(self):
        new_provider.write(self.root, 'acme')
        files = [line for line in self.text('src/provider/CMakeLists.txt').splitlines() if '.cpp' in line]
        self.assertEqual(files, sorted(files))
        new_provider.write(self.root, 'zeta')
        files = [line for line in self.text('tests/unit/provider/CMakeLists.txt').splitlines() if '.cpp' in line]
        self.assertEqual(files[-1], '    zeta_test.cpp')

    def test_the_list_of_types_may_stand_in_many_lines(self):
        header = self.root / 'src/config/config.h'
        header.write_text(re.sub(r'(enum class ProviderType .*), mock \};', r'\1,\n  mock,\n};', header.read_text()))
        new_provider.write(self.root, 'acme')
        self.assertRegex(self.text('src/config/config.h'), r', acme,\s+mock,?\s+\};')

    def test_refuses_what_exists_and_names_that_are_none(self):
        new_provider.write(self.root, 'acme')
        before = self.text('src/config/config.h')
        for name, why in (('acme', 'exists'), ('Acme', 'lower case'), ('a-b', 'lower case'), ('../x', 'lower case')):
            with self.assertRaisesRegex(ValueError, why):
                new_provider.write(self.root, name)
        self.assertEqual(self.text('src/config/config.h'), before)

    def test_all_or_nothing(self):
        (self.root / 'docs/config.md').write_text('rewritten')
        before = self.text('src/config/config.h')
        with self.assertRaisesRegex(ValueError, 'docs/config.md'):
            new_provider.write(self.root, 'acme')
        self.assertEqual(self.text('src/config/config.h'), before)
        self.assertFalse((self.root / 'src/provider/acme.cpp').exists())
