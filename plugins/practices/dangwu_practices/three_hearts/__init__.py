"""“三心”联系群众（政策见 policy.yaml）。"""
