import pathlib
import unittest

import check_docs as docs


class Docs(unittest.TestCase):
    def test_classes(self):
        rows = [
            ('/// A. Thread: any.\nclass A {\n};', 0),
            ('/// A.\n/// Thread: worker-local.\nclass A final : public B {\n};', 0),
            ('/// A. Thread: any.\ntemplate <class T>\nclass A {\n};', 0),
            ('/// A.\nclass A {\n};', 1),
            ('/// A. Thread: any.\n\nclass A {\n};', 1),
            ('class A;', 0),
            ('enum class A { b };', 0),
            ('struct A {\n  class B;\n};', 0),
            ('// class A {', 0),
            ('template <class T> void f() {}', 0),
        ]
        for text, count in rows:
            with self.subTest(text=text):
                self.assertEqual(len(docs.silent_classes(pathlib.Path('x.h'), text)), count)

    def test_rooms_in_document(self):
        text = ('# Title\n| `no` | x |\n## Rooms\n| room | what |\n|---|---|\n| `base` | x |\n'
                '| `src/net/` | y |\n```\nhttp:   base\n```\n## Next\n| `not_this` | z |\n')
        self.assertEqual(docs.rooms_in_document(text), {'base': 6, 'net': 7, 'http': 9})

    def test_compare(self):
        self.assertEqual(docs.compare_rooms({'a'}, {'a'}, None), [])
        self.assertEqual(docs.compare_rooms({'a'}, {'a'}, {'a': 3}), [])
        self.assertEqual(len(docs.compare_rooms({'a'}, {'b'}, {'c': 3})), 4)


if __name__ == '__main__':
    unittest.main()
