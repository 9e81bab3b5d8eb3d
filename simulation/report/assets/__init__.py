"""Files embedded in a report so that it opens offline: style, script, and Apache ECharts 6.1.0.

ECharts is dist/echarts.common.min.js of the npm package echarts, unchanged.
"""
