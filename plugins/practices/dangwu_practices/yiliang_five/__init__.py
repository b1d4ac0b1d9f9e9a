"""宜良县“五项制度”（政策见 policy.yaml）。"""
