"""What the report needs to open offline: Apache ECharts 6.1.0 (npm package echarts, dist/echarts.common.min.js,
unchanged) and the page's own style and script.
"""
