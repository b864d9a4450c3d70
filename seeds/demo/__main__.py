import sys

from seeds.demo.alone import main

sys.exit(main())
