import pathlib
import tempfile
import unittest

import count_junit


class CountJunit(unittest.TestCase):
    def test_adds_up(self):
        with tempfile.TemporaryDirectory() as folder:
            ctest = pathlib.Path(folder, 'ctest.xml')
            ctest.write_text('<testsuite name="x" tests="9" failures="2" disabled="1" skipped="1"/>')
            pytest = pathlib.Path(folder, 'pytest.xml')
            pytest.write_text('<testsuites><testsuite tests="5" failures="1" errors="1" skipped="0"/>'
                              '</testsuites>')
            self.assertEqual(count_junit.count([ctest]), (5, 2))
            self.assertEqual(count_junit.count([ctest, pytest]), (8, 4))

    def test_a_missing_file_is_a_failure(self):
        self.assertEqual(count_junit.count(['/nowhere.xml']), (0, 1))


if __name__ == '__main__':
    unittest.main()
